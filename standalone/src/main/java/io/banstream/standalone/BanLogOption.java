package io.banstream.standalone;

import io.banstream.enforcer.BanLogTarget;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Where this host's bans are logged as fail2ban does. */
final class BanLogOption {
  @Option(
      names = "--ban-log",
      paramLabel = "TARGET",
      description =
          "Write a line in the form of fail2ban's own log once this host's firewall has a "
              + "ban, and when it has it no more: to a file (opened for each write, so it "
              + "may be rotated away), STDOUT or SYSLOG (default: no such log).")
  private String target;

  /**
   * @param out what STDOUT means
   * @throws IllegalArgumentException in one line, if it is no target
   */
  Optional<BanLogTarget> target(Consumer<String> out) {
    return Optional.ofNullable(target).map(t -> BanLogTarget.parse(t, out));
  }
}
