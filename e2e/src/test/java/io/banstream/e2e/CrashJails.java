package io.banstream.e2e;

import io.banstream.testkit.ModelPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The jails of {@link CrashIT}: three that read the same lines, of both scopes, and recidive. */
final class CrashJails {
  private static final String JAILS =
      """
      [DEFAULT]
      filter = postfix-sasl
      logpath = LOGPATH
      port = smtp
      enabled = true
      # This machine may bear one of the addresses that stand for attackers.
      ignoreself = false

      [sasl]
      maxretry = 3
      findtime = 600
      bantime = 900

      [sasl-slow]
      maxretry = 6
      findtime = 3600
      bantime = 600
      bantime.increment = true
      bantime.maxtime = 7200
      bantime.rndtime = 60

      [sasl-host]
      scope = host
      maxretry = 2
      findtime = 1200
      bantime = 300

      [recidive]
      maxretry = 4
      findtime = 14400
      bantime = 604800
      """;

  /** The same, for the model. */
  static final List<ModelPolicy> POLICIES =
      List.of(
          ModelPolicy.of("sasl", 3, Duration.ofSeconds(600), Duration.ofSeconds(900)),
          ModelPolicy.of("sasl-slow", 6, Duration.ofSeconds(3600), Duration.ofSeconds(600))
              .withIncrement(
                  new ModelPolicy.Increment(
                      true,
                      1,
                      List.of(),
                      Optional.of(Duration.ofSeconds(7200)),
                      Duration.ofSeconds(60),
                      false,
                      Optional.empty())),
          ModelPolicy.of("sasl-host", 2, Duration.ofSeconds(1200), Duration.ofSeconds(300))
              .withScopeHost(),
          ModelPolicy.of("recidive", 4, Duration.ofSeconds(14_400), Duration.ofSeconds(604_800)));

  /** Those that read the log. */
  static final List<String> READING = List.of("sasl", "sasl-slow", "sasl-host");

  private CrashJails() {}

  static String jailLocal(Path log) {
    return JAILS.replace("LOGPATH", log.toString());
  }
}
