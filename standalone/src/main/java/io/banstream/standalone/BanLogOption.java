package io.banstream.standalone;

import io.banstream.enforcer.BanLogTarget;
import io.banstream.jails.ConfigurationException;
import io.banstream.jails.LogLevel;
import io.banstream.jails.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Where this host's bans are logged as fail2ban does. */
final class BanLogOption {
  private static final String CONFIGURED = "configured";

  @Option(
      names = "--ban-log",
      paramLabel = "TARGET",
      description =
          "Write a line in the form of fail2ban's own log once this host's firewall has a "
              + "ban, and when it has it no more: to a file (opened for each write, so it "
              + "may be rotated away), STDOUT, SYSOUT (without time), STDERR, SYSLOG or "
              + "SYSTEMD-JOURNAL; 'configured' (with up --config): as logtarget and "
              + "loglevel of fail2ban.conf have it (default: no such log).")
  private String target;

  @Option(
      names = "--ban-log-level",
      paramLabel = "LEVEL",
      description =
          "Write what fail2ban writes at this level: the lines are of NOTICE, so at "
              + "WARNING or ERROR there are none (default: NOTICE, or as configured).")
  private String level;

  /**
   * Where lines go, if any are to be written; says so where a level lets none through.
   *
   * @param config fail2ban's folder, if one is read
   * @throws ConfigurationException if the configured target is none
   * @throws IllegalArgumentException in one line, if what is given is no target, or no level
   */
  Optional<BanLogTarget> target(CommandLine command, Optional<Path> config)
      throws ConfigurationException {
    Optional<LogLevel> given =
        Optional.ofNullable(level).map(l -> read("ban log level", l, LogLevel::parse));
    if (target == null) {
      if (given.isPresent()) {
        throw refused("ban log level", level, "expected --ban-log beside it");
      }
      return Optional.empty();
    }
    PrintWriter out = command.getOut();
    PrintWriter err = command.getErr();
    Function<String, BanLogTarget> reader = t -> BanLogTarget.parse(t, out::println, err::println);
    BanLogTarget to;
    LogLevel at;
    if (target.equalsIgnoreCase(CONFIGURED)) {
      Settings settings = settings(config);
      to = settings.logtarget().read(reader);
      at = given.orElse(settings.loglevel());
    } else {
      to = read("ban log", target, reader);
      at = given.orElse(LogLevel.NOTICE);
    }
    if (at.has(LogLevel.NOTICE)) {
      return Optional.of(to);
    }
    err.println("no ban log: at level " + at.name() + " it has no lines, Ban and Unban are NOTICE");
    return Optional.empty();
  }

  private Settings settings(Optional<Path> config) throws ConfigurationException {
    if (config.isEmpty()) {
      String instead =
          "expected up --config DIR beside it; else TARGET itself, and --ban-log-level";
      throw refused("ban log", target, instead);
    }
    return Settings.read(config.get());
  }

  private static <T> T read(String key, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw refused(key, text, e.getMessage());
    }
  }

  private static IllegalArgumentException refused(String key, String text, String why) {
    return new IllegalArgumentException(key + " = " + text + ", " + why);
  }
}
