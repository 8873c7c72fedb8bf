package io.banstream.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which host of the fleet this is. */
final class HostOptions {
  private static final Path KERNEL_NAME = Path.of("/proc/sys/kernel/hostname");

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "This host's name in the fleet (default: the kernel's).")
  private String host;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      defaultValue = "default",
      description = "The group of hosts whose jails it runs (default: ${DEFAULT-VALUE}).")
  String group;

  String host() throws IOException {
    return host != null ? host : Files.readString(KERNEL_NAME).strip();
  }
}
