package io.banstream.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

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
 * @param trust forgive and known.days
 * @param subnet subnet.maxbans and its family; empty: off
 * @param maxnames users.maxnames; 0: off
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
    Optional<Set<String>> bansOf,
    Trust trust,
    Optional<Subnet> subnet,
    int maxnames) {

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
   * @param spare guard.spare
   */
  public record Guard(int bans, Duration time, boolean confirm, List<String> spare) {
    public static final Guard OFF = new Guard(0, Duration.ofHours(1), false, List.of());

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

  /**
   * @param forgive a login that succeeded takes the failures until then out of the windows
   * @param known known.days; zero: off
   */
  public record Trust(boolean forgive, Duration known) {
    public static final Trust OFF = new Trust(false, Duration.ZERO);

    public Trust {
      Objects.requireNonNull(known);
    }
  }

  /**
   * @param maxbans so many banned addresses of a network ban it
   * @param prefix4 length of an IPv4 network
   * @param prefix6 length of an IPv6 network
   */
  public record Subnet(int maxbans, int prefix4, int prefix6) {}

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
    Objects.requireNonNull(trust);
    Objects.requireNonNull(subnet);
  }

  /** A policy of the whole fleet's failures, with nothing special, guard and trust off. */
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
        jail.equals("recidive") ? Optional.of(Set.of()) : Optional.empty(),
        Trust.OFF,
        Optional.empty(),
        0);
  }

  public ModelPolicy withIgnoreip(String... networks) {
    return with(p -> p.ignoreip = List.of(networks));
  }

  public ModelPolicy withScopeHost() {
    return with(p -> p.perHost = true);
  }

  public ModelPolicy withIpv6prefix(int bits) {
    return with(p -> p.ipv6prefix = bits);
  }

  public ModelPolicy withIncrement(Increment family) {
    return with(p -> p.increment = family);
  }

  public ModelPolicy withDbpurgeage(Duration age) {
    return with(p -> p.dbpurgeage = age);
  }

  public ModelPolicy withGuard(Guard family) {
    return with(p -> p.guard = family);
  }

  public ModelPolicy withSlow(Duration longtime, int longretry) {
    return with(p -> p.slow = Optional.of(new Slow(longtime, longretry)));
  }

  /** As a jail that counts bans of these, or of all. */
  public ModelPolicy withBansOf(String... jails) {
    return with(p -> p.bansOf = Optional.of(Set.of(jails)));
  }

  public ModelPolicy withTrust(boolean forgive, Duration known) {
    return with(p -> p.trust = new Trust(forgive, known));
  }

  public ModelPolicy withSubnet(int maxbans, int prefix4, int prefix6) {
    return with(p -> p.subnet = Optional.of(new Subnet(maxbans, prefix4, prefix6)));
  }

  public ModelPolicy withMaxnames(int names) {
    return with(p -> p.maxnames = names);
  }

  public ModelPolicy forEver() {
    return with(p -> p.bantime = Optional.empty());
  }

  private ModelPolicy with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new ModelPolicy(
        jail,
        findtime,
        draft.bantime,
        maxretry,
        draft.ignoreip,
        draft.perHost,
        draft.ipv6prefix,
        draft.increment,
        draft.dbpurgeage,
        draft.guard,
        draft.slow,
        draft.bansOf,
        draft.trust,
        draft.subnet,
        draft.maxnames);
  }

  /** What may become another. */
  private static final class Draft {
    private Optional<Duration> bantime;
    private List<String> ignoreip;
    private boolean perHost;
    private int ipv6prefix;
    private Increment increment;
    private Duration dbpurgeage;
    private Guard guard;
    private Optional<Slow> slow;
    private Optional<Set<String>> bansOf;
    private Trust trust;
    private Optional<Subnet> subnet;
    private int maxnames;

    Draft(ModelPolicy from) {
      bantime = from.bantime;
      ignoreip = from.ignoreip;
      perHost = from.perHost;
      ipv6prefix = from.ipv6prefix;
      increment = from.increment;
      dbpurgeage = from.dbpurgeage;
      guard = from.guard;
      slow = from.slow;
      bansOf = from.bansOf;
      trust = from.trust;
      subnet = from.subnet;
      maxnames = from.maxnames;
    }
  }
}
