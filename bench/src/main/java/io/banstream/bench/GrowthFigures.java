package io.banstream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * What the state costs as it grows: each of so many addresses fails once. Failures a second, bytes
 * on the processor's disk an address, and how long a processor whose disk is lost takes to be
 * ready.
 */
final class GrowthFigures {
  private static final String SIZES = "10000,1000000,10000000";

  private GrowthFigures() {}

  static void print(Path folder) throws IOException, ExecutionException, InterruptedException {
    System.out.println("growth: each address fails once, state on disk");
    List<Integer> sizes =
        Arrays.stream(System.getProperty("banstream.addresses", SIZES).split(","))
            .map(Integer::valueOf)
            .toList();
    for (int addresses : sizes) {
      print(folder.resolve("of-" + addresses), addresses);
    }
  }

  private static void print(Path data, int addresses)
      throws IOException, ExecutionException, InterruptedException {
    try (FullTopics topics = new FullTopics()) {
      try (AttemptLoad load = new AttemptLoad(topics.kafka())) {
        load.sendPolicies(FullTopics.PARTITIONS);
        load.sendEach(addresses, Instant.now());
      }
      double rate;
      try (Command process = topics.process(data, "disk")) {
        rate = topics.rate(addresses).whole();
      }
      long bytes = bytes(data);
      Bench.delete(data);
      long begin = System.nanoTime();
      try (Command again = topics.process(data, "disk")) {
        String ready = again.await("Ready");
        System.out.printf(
            "  %,12d addresses %,10.0f a second %8.1f bytes an address, ready after %.1f s (%s)%n",
            addresses, rate, (double) bytes / addresses, (System.nanoTime() - begin) / 1e9, ready);
      }
    }
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(GrowthFigures::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
