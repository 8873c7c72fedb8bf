package io.banstream.jails;

import io.banstream.jails.Policy.Guard;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Policy.Slow;
import io.banstream.jails.Policy.Subnet;
import io.banstream.jails.Policy.Trust;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
          "guard.confirm",
          "guard.spare",
          "longtime",
          "longretry",
          "recidive.jails",
          "forgive",
          "known.days",
          "subnet.maxbans",
          "subnet.prefix4",
          "subnet.prefix6",
          "users.maxnames");

  private final IgnoreReader ignores;
  private final List<Notice> notices;

  PolicyReader(IgnoreReader ignores, List<Notice> notices) {
    this.ignores = ignores;
    this.notices = notices;
  }

  /** The policy of a jail that counts failed logins. */
  Policy logins(JailValues jail, Duration dbpurgeage) throws ConfigurationException {
    return read(jail, key -> true, Optional.empty(), dbpurgeage);
  }

  /**
   * The policy of a jail that counts bans. Unless its own section says so it has the fleet's scope
   * and one window, bans no networks and knows no user names, whatever the others do.
   *
   * @param own whether a key is the section's own
   */
  Policy recidive(JailValues jail, Predicate<String> own, Duration dbpurgeage)
      throws ConfigurationException {
    Set<String> bansOf =
        Stream.of(jail.text("recidive.jails", "").split("[\\s,]+"))
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    return read(jail, own, Optional.of(bansOf), dbpurgeage);
  }

  private Policy read(
      JailValues jail, Predicate<String> heard, Optional<Set<String>> bansOf, Duration dbpurgeage)
      throws ConfigurationException {
    Duration findtime = jail.time("findtime", "10m");
    int maxretry = jail.whole("maxretry", 3, 1, 999_999_999);
    Policy policy =
        new Policy(
            findtime,
            jail.timeOrEver("bantime", "10m"),
            maxretry,
            ignores.read(jail, "ignoreip"),
            heard.test("scope") ? jail.read("scope", "fleet", PolicyReader::scope) : Scope.FLEET,
            jail.whole("ipv6prefix", 128, 1, 128),
            increment(jail),
            dbpurgeage,
            guard(jail),
            heard.test("longtime") || heard.test("longretry")
                ? slow(jail, findtime, maxretry)
                : Optional.empty(),
            bansOf,
            trust(jail),
            heard.test("subnet.maxbans") ? subnet(jail) : Optional.empty(),
            heard.test("users.maxnames")
                ? jail.whole("users.maxnames", 0, 0, Policy.MOST_NAMES)
                : 0);
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

  private static Optional<Slow> slow(JailValues jail, Duration findtime, int maxretry)
      throws ConfigurationException {
    boolean time = !jail.text("longtime", "").isEmpty();
    boolean retry = !jail.text("longretry", "").isEmpty();
    if (!time && !retry) {
      return Optional.empty();
    }
    if (!time || !retry) {
      String there = time ? "longtime" : "longretry";
      throw new ConfigurationException(
          jail.where(there),
          there + " = " + Printable.of(jail.text(there, "")) + ", expected longtime and longretry");
    }
    Duration longtime = jail.time("longtime", "");
    if (longtime.compareTo(findtime) <= 0) {
      throw new ConfigurationException(
          jail.where("longtime"),
          "longtime = "
              + Printable.of(jail.text("longtime", ""))
              + ", expected above findtime = "
              + findtime.toSeconds()
              + " s");
    }
    return Optional.of(
        new Slow(longtime, jail.whole("longretry", 0, maxretry + 1, Slow.MOST_RETRY)));
  }

  private static double factor(String text) {
    double factor = BanFormula.constant(text);
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("expected a number above 0");
    }
    return factor;
  }

  private Guard guard(JailValues jail) throws ConfigurationException {
    return new Guard(
        jail.whole("guard.bans", Guard.DEFAULT.bans(), 0, Guard.MOST_BANS),
        jail.time("guard.time", "1h", Guard.LONGEST),
        jail.flag("guard.confirm", Guard.DEFAULT.confirm()),
        ignores.read(jail, "guard.spare"));
  }

  private static Trust trust(JailValues jail) throws ConfigurationException {
    int usual = (int) Trust.DEFAULT.known().toDays();
    int longest = (int) Trust.LONGEST.toDays();
    return new Trust(
        jail.flag("forgive", Trust.DEFAULT.forgive()),
        Duration.ofDays(jail.whole("known.days", usual, 0, longest)));
  }

  private static Optional<Subnet> subnet(JailValues jail) throws ConfigurationException {
    int maxbans = jail.whole("subnet.maxbans", 0, 0, Subnet.MOST_BANS);
    int prefix4 = jail.whole("subnet.prefix4", Subnet.USUAL_4, Subnet.WIDEST_4, 31);
    int prefix6 = jail.whole("subnet.prefix6", Subnet.USUAL_6, Subnet.WIDEST_6, 127);
    return maxbans == 0 ? Optional.empty() : Optional.of(new Subnet(maxbans, prefix4, prefix6));
  }

  private static double number(String text) {
    if (!text.matches("\\d{1,9}(\\.\\d{1,9})?") || Double.parseDouble(text) == 0) {
      throw new IllegalArgumentException("expected a number above 0");
    }
    return Double.parseDouble(text);
  }
}
