package io.banstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Prints figures, each beside a baseline of the same run. Arguments: which; none for all. */
public final class Bench {
  private static final List<String> ALL =
      List.of(
          "match",
          "worst",
          "memory",
          "latency",
          "kernel",
          "packets",
          "stream",
          "growth",
          "decisions",
          "fleet");

  private Bench() {}

  public static void main(String[] args) throws Exception {
    List<String> which = args.length == 0 ? ALL : List.of(args);
    for (String name : which) {
      Path folder = Files.createTempDirectory("banstream-bench");
      try {
        switch (name) {
          case "match" -> MatchFigures.print(folder);
          case "worst" -> WorstLineFigures.print();
          case "memory" -> MemoryFigures.print(folder);
          case "latency" -> LatencyFigures.print(folder);
          case "kernel" -> KernelFigures.print(folder);
          case "packets" -> PacketFigures.print(folder);
          case "stream" -> StreamFigures.print(folder);
          case "growth" -> GrowthFigures.print(folder);
          case "decisions" -> DecisionFigures.print(folder);
          case "fleet" -> FleetFigures.print(folder);
          default -> {
            System.err.println("bench: '" + name + "', expected one of " + ALL);
            System.exit(2);
          }
        }
      } finally {
        delete(folder);
      }
    }
  }

  /** A folder with all that is in it. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
