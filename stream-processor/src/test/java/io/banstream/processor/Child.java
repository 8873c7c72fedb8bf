package io.banstream.processor;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A processor in a process of its own, so that it can be killed. */
final class Child {
  private Child() {}

  static Process start(String bootstrap, Path data) throws IOException {
    return start(bootstrap, data, "one");
  }

  /**
   * @param instance its name among the processors
   */
  static Process start(String bootstrap, Path data, String instance) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            bootstrap,
            data.toString(),
            instance);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  static ProcessorSettings settings(String bootstrap, Path data) {
    return settings(bootstrap, data, "one");
  }

  private static ProcessorSettings settings(String bootstrap, Path data, String instance) {
    var kafka =
        new KafkaConnection(
            Map.of("bootstrap.servers", bootstrap), new Topics(""), Optional.empty());
    return new ProcessorSettings(kafka, data, "banstream-processor", instance, 2, StoreKind.DISK);
  }

  /** Says {@code Ready} once it is, and runs until it is killed. */
  public static void main(String[] args) throws Exception {
    Processor processor = Processor.start(settings(args[0], Path.of(args[1]), args[2]));
    processor.ready().get();
    System.out.println("Ready");
    Thread.currentThread().join();
  }
}
