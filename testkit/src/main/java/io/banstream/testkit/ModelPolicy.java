package io.banstream.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A jail's policy as {@link BanModel} takes it. Names and meanings are those of jail.conf(5).
 *
 * @param jail the jail's name
 * @param findtime length of the window
 * @param bantime length of a ban; empty: for ever
 * @param maxretry failures that make a ban
 * @param ignoreip addresses and networks never counted
 * @param perHost scope = host: each host's failures alone, and a ban there only
 * @param ipv6prefix an IPv6 address counts as its network of this length
 * @param increment bantime.increment and its family
 * @param dbpurgeage how long a ban is remembered once it is over
 * @param guard guard.bans and its family
 * @param slow longtime and longretry; empty: not set
 * @param bansOf of a jail that counts bans: of which jails, none named meaning every; empty: it
 *     counts failed logins
 */
public record ModelPolicy(
    String jail,
    Duration findtime,
    Optional<Duration> bantime,
    int maxretry,
    List<String> ignoreip,
    boolean perHost,
    int ipv6prefix,
    Increment increment,
    Duration dbpurgeage,
    Guard guard,
    Optional<Slow> slow,
    Optional<Set<String>> bansOf) {

  /**
   * @param enabled bantime.increment
   * @param factor bantime.factor
   * @param multipliers bantime.multipliers; empty: not set, it doubles
   * @param maxtime bantime.maxtime
   * @param rndtime bantime.rndtime; zero: none
   * @param overalljails bantime.overalljails
   * @param formula bantime.formula, one of {@link ModelBantime#FORMULAS}; empty: not set, it
   *     doubles
   */
  public record Increment(
      boolean enabled,
      double factor,
      List<Double> multipliers,
      Optional<Duration> maxtime,
      Duration rndtime,
      boolean overalljails,
      Optional<String> formula) {
    public static final Increment OFF =
        new Increment(
            false, 1, List.of(), Optional.empty(), Duration.ZERO, false, Optional.empty());

    /** Each ban twice as long as the one before. */
    public static final Increment DOUBLING =
        new Increment(true, 1, List.of(), Optional.empty(), Duration.ZERO, false, Optional.empty());

    public Increment {
      multipliers = List.copyOf(multipliers);
      Objects.requireNonNull(maxtime);
      Objects.requireNonNull(rndtime);
      Objects.requireNonNull(formula);
    }
  }

  /**
   * @param bans guard.bans; 0: no such limit
   * @param time guard.time
   * @param confirm guard.confirm
   */
  public record Guard(int bans, Duration time, boolean confirm) {
    public static final Guard OFF = new Guard(0, Duration.ofHours(1), false);

    public Guard {
      Objects.requireNonNull(time);
    }
  }

  /**
   * @param longtime length of the second window, above findtime
   * @param longretry failures in it that make a ban
   */
  public record Slow(Duration longtime, int longretry) {
    public Slow {
      Objects.requireNonNull(longtime);
    }
  }

  public ModelPolicy {
    Objects.requireNonNull(jail);
    Objects.requireNonNull(findtime);
    Objects.requireNonNull(bantime);
    ignoreip = List.copyOf(ignoreip);
    Objects.requireNonNull(increment);
    Objects.requireNonNull(dbpurgeage);
    Objects.requireNonNull(guard);
    Objects.requireNonNull(slow);
    bansOf = bansOf.map(Set::copyOf);
  }

  /** A policy of the whole fleet's failures, with nothing special, the guard off. */
  public static ModelPolicy of(String jail, int maxretry, Duration findtime, Duration bantime) {
    return new ModelPolicy(
        jail,
        findtime,
        Optional.of(bantime),
        maxretry,
        List.of(),
        false,
        128,
        Increment.OFF,
        Duration.ofDays(1),
        Guard.OFF,
        Optional.empty(),
        jail.equals("recidive") ? Optional.of(Set.of()) : Optional.empty());
  }

  public ModelPolicy withIgnoreip(String... networks) {
    return new ModelPolicy(
        jail,
        findtime,
        bantime,
        maxretry,
        List.of(networks),
        perHost,
        ipv6prefix,
        increment,
        dbpurgeage,
        guard,
        slow,
        bansOf);
  }

  public ModelPolicy withScopeHost() {
    return new ModelPolicy(
        jail,
        findtime,
        bantime,
        maxretry,
        ignoreip,
        true,
        ipv6prefix,
        increment,
        dbpurgeage,
        guard,
        slow,
        bansOf);
  }

  public ModelPolicy withIpv6prefix(int bits) {
    return new ModelPolicy(
        jail,
        findtime,
        bantime,
        maxretry,
        ignoreip,
        perHost,
        bits,
        increment,
        dbpurgeage,
        guard,
        slow,
        bansOf);
  }

  public ModelPolicy withIncrement(Increment family) {
    return new ModelPolicy(
        jail,
        findtime,
        bantime,
        maxretry,
        ignoreip,
        perHost,
        ipv6prefix,
        family,
        dbpurgeage,
        guard,
        slow,
        bansOf);
  }

  public ModelPolicy withDbpurgeage(Duration age) {
    return new ModelPolicy(
        jail,
        findtime,
        bantime,
        maxretry,
        ignoreip,
        perHost,
        ipv6prefix,
        increment,
        age,
        guard,
        slow,
        bansOf);
  }

  public ModelPolicy withGuard(Guard family) {
    return new ModelPolicy(
        jail,
        findtime,
        bantime,
        maxretry,
        ignoreip,
        perHost,
        ipv6prefix,
        increment,
        dbpurgeage,
        family,
        slow,
        bansOf);
  }

  public ModelPolicy withSlow(Duration longtime, int longretry) {
    return new ModelPolicy(
        jail,
        findtime,
        bantime,
        maxretry,
        ignoreip,
        perHost,
        ipv6prefix,
        increment,
        dbpurgeage,
        guard,
        Optional.of(new Slow(longtime, longretry)),
        bansOf);
  }

  /** As a jail that counts bans of these, or of all. */
  public ModelPolicy withBansOf(String... jails) {
    return new ModelPolicy(
        jail,
        findtime,
        bantime,
        maxretry,
        ignoreip,
        perHost,
        ipv6prefix,
        increment,
        dbpurgeage,
        guard,
        slow,
        Optional.of(Set.of(jails)));
  }

  public ModelPolicy forEver() {
    return new ModelPolicy(
        jail,
        findtime,
        Optional.empty(),
        maxretry,
        ignoreip,
        perHost,
        ipv6prefix,
        increment,
        dbpurgeage,
        guard,
        slow,
        bansOf);
  }
}
