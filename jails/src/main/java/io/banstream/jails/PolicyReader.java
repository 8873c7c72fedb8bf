package io.banstream.jails;

import io.banstream.jails.Policy.Guard;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a jail's policy. */
final class PolicyReader {
  /** What a policy is made of, and whether there is one. */
  static final List<String> KEYS =
      List.of(
          "enabled",
          "bantime",
          "findtime",
          "maxretry",
          "ignoreip",
          "scope",
          "ipv6prefix",
          "bantime.increment",
          "bantime.factor",
          "bantime.formula",
          "bantime.multipliers",
          "bantime.maxtime",
          "bantime.rndtime",
          "bantime.overalljails",
          "guard.bans",
          "guard.time",
          "guard.confirm");

  private final IgnoreReader ignores;
  private final List<Notice> notices;

  PolicyReader(IgnoreReader ignores, List<Notice> notices) {
    this.ignores = ignores;
    this.notices = notices;
  }

  /**
   * @param ownScope whether the scope is the section's own word; otherwise it is the fleet
   */
  Policy read(JailValues jail, boolean ownScope, Duration dbpurgeage)
      throws ConfigurationException {
    Policy policy =
        new Policy(
            jail.time("findtime", "10m"),
            jail.timeOrEver("bantime", "10m"),
            jail.whole("maxretry", 3, 1, 999_999_999),
            ignores.read(jail),
            ownScope ? jail.read("scope", "fleet", PolicyReader::scope) : Scope.FLEET,
            jail.whole("ipv6prefix", 128, 1, 128),
            increment(jail),
            dbpurgeage,
            guard(jail));
    FormulaReach.tell(policy, jail.where("bantime.formula"), notices);
    return policy;
  }

  private static Scope scope(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "fleet" -> Scope.FLEET;
      case "host" -> Scope.HOST;
      default -> throw new IllegalArgumentException("expected fleet or host");
    };
  }

  private static Increment increment(JailValues jail) throws ConfigurationException {
    Optional<String> maxtime = jail.text("bantime.maxtime").filter(t -> !t.isEmpty());
    Optional<String> rndtime = jail.text("bantime.rndtime").filter(t -> !t.isEmpty());
    return new Increment(
        jail.flag("bantime.increment", false),
        jail.read("bantime.factor", "1", PolicyReader::factor),
        jail.read(
            "bantime.multipliers",
            "",
            t ->
                Stream.of(t.split("[\\s,]+"))
                    .filter(m -> !m.isEmpty())
                    .map(PolicyReader::number)
                    .toList()),
        maxtime.isPresent() ? Optional.of(jail.time("bantime.maxtime", "")) : Optional.empty(),
        rndtime.isPresent() && !rndtime.get().equals("0")
            ? jail.time("bantime.rndtime", "")
            : Duration.ZERO,
        jail.flag("bantime.overalljails", false),
        jail.text("bantime.formula", "").isEmpty()
            ? Optional.empty()
            : Optional.of(jail.read("bantime.formula", "", BanFormula::parse)));
  }

  private static double factor(String text) {
    double factor = BanFormula.constant(text);
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("expected a number above 0");
    }
    return factor;
  }

  private static Guard guard(JailValues jail) throws ConfigurationException {
    return new Guard(
        jail.whole("guard.bans", Guard.DEFAULT.bans(), 0, Guard.MOST_BANS),
        jail.time("guard.time", "1h", Guard.LONGEST),
        jail.flag("guard.confirm", Guard.DEFAULT.confirm()));
  }

  private static double number(String text) {
    if (!text.matches("\\d{1,9}(\\.\\d{1,9})?") || Double.parseDouble(text) == 0) {
      throw new IllegalArgumentException("expected a number above 0");
    }
    return Double.parseDouble(text);
  }
}
