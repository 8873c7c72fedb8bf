package io.banstream.jails;

import io.banstream.schemas.Address;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What makes a ban, and for how long. Names and meanings are those of jail.conf(5).
 *
 * @param findtime length of the window, above 0
 * @param bantime length of a ban, above 0; empty: for ever (bantime = -1)
 * @param maxretry failures that make a ban, 1 or more
 * @param ignoreip never counted
 * @param scope whose failures are counted together
 * @param ipv6prefix an IPv6 address counts as its network of this length, 1 to 128
 * @param increment bantime.increment and its family
 * @param dbpurgeage how long a ban is remembered once it is over
 * @param guard how far one host's word alone is believed
 * @param slow longtime and longretry, against those who guess slowly; empty: off
 * @param bansOf of a jail that counts bans: of which jails, none named meaning every; empty: it
 *     counts failed logins
 * @param trust what a login that succeeded is good for
 * @param subnet subnet.maxbans and its family: a network is banned for its addresses; empty: off
 * @param maxnames users.maxnames: so many user names tried within findtime make a ban too, at most
 *     {@value #MOST_NAMES}; 0: off
 */
public record Policy(
    Duration findtime,
    Optional<Duration> bantime,
    int maxretry,
    List<Address> ignoreip,
    Scope scope,
    int ipv6prefix,
    Increment increment,
    Duration dbpurgeage,
    Guard guard,
    Optional<Slow> slow,
    Optional<Set<String>> bansOf,
    Trust trust,
    Optional<Subnet> subnet,
    int maxnames) {
  public static final int MOST_NAMES = 1_000;

  /** Whose failures are counted together. */
  public enum Scope {
    /** All hosts' together; a ban reaches every host. */
    FLEET,
    /** Each host's alone; a ban reaches that host. */
    HOST
  }

  /**
   * How a repeated ban lasts longer.
   *
   * @param enabled bantime.increment
   * @param factor bantime.factor
   * @param multipliers bantime.multipliers; empty: not set
   * @param maxtime bantime.maxtime; empty: no limit
   * @param rndtime bantime.rndtime; zero: none
   * @param overalljails bantime.overalljails
   * @param formula bantime.formula; empty: each ban doubles. Multipliers go before it
   */
  public record Increment(
      boolean enabled,
      double factor,
      List<Double> multipliers,
      Optional<Duration> maxtime,
      Duration rndtime,
      boolean overalljails,
      Optional<BanFormula> formula) {
    public static final Increment OFF =
        new Increment(
            false, 1, List.of(), Optional.empty(), Duration.ZERO, false, Optional.empty());

    public Increment {
      multipliers = List.copyOf(multipliers);
      Objects.requireNonNull(maxtime);
      Objects.requireNonNull(formula);
      require(!rndtime.isNegative(), "bantime.rndtime", rndtime.toSeconds(), "0 or more");
    }
  }

  /**
   * How many addresses one host may ban on the others by its word alone. A ban is on a host's word
   * alone when all its failures are that host's.
   *
   * @param bans guard.bans, 0 to {@value #MOST_BANS}: so many within {@code time}, further ones
   *     reach that host only; 0: no limit
   * @param time guard.time, above 0 and at most 30 days
   * @param confirm guard.confirm: a ban on one host's word reaches that host only until another
   *     host or an operator confirms it
   * @param spare guard.spare: addresses and networks whose failures ban nobody, and are told
   */
  public record Guard(int bans, Duration time, boolean confirm, List<Address> spare) {
    public static final int MOST_BANS = 100_000;
    public static final Duration LONGEST = Duration.ofDays(30);
    public static final Guard DEFAULT = new Guard(500, Duration.ofHours(1), false, List.of());
    public static final Guard OFF = new Guard(0, Duration.ofHours(1), false, List.of());

    public Guard {
      require(bans >= 0 && bans <= MOST_BANS, "guard.bans", bans, "0 to " + MOST_BANS);
      boolean bounded = time.compareTo(Duration.ZERO) > 0 && time.compareTo(LONGEST) <= 0;
      require(bounded, "guard.time", time.toSeconds(), "above 0, at most 30 days");
      spare = List.copyOf(spare);
    }

    /** Which of what it spares an address or a network is of: lies in it, or around it. */
    public Optional<Address> sparing(Address address) {
      for (Address spared : spare) {
        if (spared.overlaps(address)) {
          return Optional.of(spared);
        }
      }
      return Optional.empty();
    }

    /** This, believing every host's word. */
    public Guard believing() {
      return new Guard(OFF.bans, OFF.time, OFF.confirm, spare);
    }
  }

  /**
   * A second window beside findtime's.
   *
   * @param longtime its length, above findtime
   * @param longretry failures in it that make a ban too, above maxretry and at most {@value
   *     #MOST_RETRY}: all but the newest may have to be kept
   */
  public record Slow(Duration longtime, int longretry) {
    public static final int MOST_RETRY = 1_000;

    public Slow {
      require(longretry <= MOST_RETRY, "longretry", longretry, "at most " + MOST_RETRY);
    }
  }

  /**
   * What a login that succeeded is good for.
   *
   * @param forgive whether it takes the address's failures until then out of the jail's windows
   * @param known known.days, at most 365 days: for so long after it a ban of the address that would
   *     reach the fleet reaches the host that saw the failures; zero: off
   */
  public record Trust(boolean forgive, Duration known) {
    public static final Duration LONGEST = Duration.ofDays(365);
    public static final Trust DEFAULT = new Trust(false, Duration.ofDays(30));
    public static final Trust OFF = new Trust(false, Duration.ZERO);

    public Trust {
      boolean bounded = !known.isNegative() && known.compareTo(LONGEST) <= 0;
      require(bounded, "known.days", known.toDays(), "0 to " + LONGEST.toDays());
    }

    /** Whether a login that succeeded changes anything. */
    public boolean matters() {
      return forgive || !known.isZero();
    }
  }

  /**
   * When a network is banned for the addresses that are banned in it.
   *
   * @param maxbans so many of them, 1 to {@value #MOST_BANS}: so many may have to be kept
   * @param prefix4 length of an IPv4 network, {@value #WIDEST_4} to 31
   * @param prefix6 length of an IPv6 network, {@value #WIDEST_6} to 127
   */
  public record Subnet(int maxbans, int prefix4, int prefix6) {
    public static final int MOST_BANS = 1_000;
    public static final int WIDEST_4 = 16;
    public static final int USUAL_4 = 24;
    public static final int WIDEST_6 = 32;
    public static final int USUAL_6 = 64;

    public Subnet {
      require(maxbans >= 1 && maxbans <= MOST_BANS, "subnet.maxbans", maxbans, "1 to " + MOST_BANS);
      require(prefix4 >= WIDEST_4 && prefix4 < 32, "subnet.prefix4", prefix4, "16 to 31");
      require(prefix6 >= WIDEST_6 && prefix6 < 128, "subnet.prefix6", prefix6, "32 to 127");
    }

    /** The network that an address counts for; empty where it is as wide itself, or wider. */
    public Optional<Address> network(Address banned) {
      int prefix = banned.isV4() ? prefix4 : prefix6;
      return banned.prefix() > prefix ? Optional.of(banned.network(prefix)) : Optional.empty();
    }
  }

  public Policy {
    require(findtime.compareTo(Duration.ZERO) > 0, "findtime", findtime.toSeconds(), "above 0");
    bantime.ifPresent(
        t ->
            require(
                t.compareTo(Duration.ZERO) > 0,
                "bantime",
                t.toSeconds(),
                "above 0, or -1 for ever"));
    require(maxretry >= 1, "maxretry", maxretry, "1 or more");
    require(ipv6prefix >= 1 && ipv6prefix <= 128, "ipv6prefix", ipv6prefix, "1 to 128");
    require(!dbpurgeage.isNegative(), "dbpurgeage", dbpurgeage.toSeconds(), "0 or more");
    ignoreip = List.copyOf(ignoreip);
    Objects.requireNonNull(scope);
    Objects.requireNonNull(increment);
    Objects.requireNonNull(guard);
    bansOf = bansOf.map(Set::copyOf);
    Objects.requireNonNull(trust);
    Objects.requireNonNull(subnet);
    require(
        maxnames >= 0 && maxnames <= MOST_NAMES, "users.maxnames", maxnames, "0 to " + MOST_NAMES);
    slow.ifPresent(
        s -> {
          Duration time = s.longtime();
          require(time.compareTo(findtime) > 0, "longtime", time.toSeconds(), "above findtime");
          require(s.longretry() > maxretry, "longretry", s.longretry(), "above maxretry");
        });
  }

  public Policy withIgnoreip(List<Address> networks) {
    return new Policy(
        findtime,
        bantime,
        maxretry,
        networks,
        scope,
        ipv6prefix,
        increment,
        dbpurgeage,
        guard,
        slow,
        bansOf,
        trust,
        subnet,
        maxnames);
  }

  public Policy withGuard(Guard other) {
    return new Policy(
        findtime,
        bantime,
        maxretry,
        ignoreip,
        scope,
        ipv6prefix,
        increment,
        dbpurgeage,
        other,
        slow,
        bansOf,
        trust,
        subnet,
        maxnames);
  }

  /** Whether a ban of that jail is a failure of this one. */
  public boolean countsBansOf(String jail) {
    return bansOf.isPresent() && (bansOf.get().isEmpty() || bansOf.get().contains(jail));
  }

  /** The length of the longer window. */
  public Duration longest() {
    return slow.map(Slow::longtime).orElse(findtime);
  }

  private static void require(boolean holds, String key, long value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(key + " = " + value + ", expected " + expected);
    }
  }
}
