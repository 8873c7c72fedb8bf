package io.banstream.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --host}. */
final class HostName {
  private static final Path KERNEL_NAME = Path.of("/proc/sys/kernel/hostname");

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "This host's name in the fleet (default: the kernel's).")
  private String host;

  String text() throws IOException {
    return host != null ? host : Files.readString(KERNEL_NAME).strip();
  }
}
