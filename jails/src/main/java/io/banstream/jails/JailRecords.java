package io.banstream.jails;

import io.banstream.jails.Enforcement.ActionCall;
import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import io.banstream.jails.IgnoreCommand.Cache;
import io.banstream.jails.Policy.Guard;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Policy.Slow;
import io.banstream.jails.Policy.Subnet;
import io.banstream.jails.Policy.Trust;
import io.banstream.jails.Sources.UseDns;
import io.banstream.schemas.ActionRecord;
import io.banstream.schemas.Address;
import io.banstream.schemas.ClosureRecord;
import io.banstream.schemas.EnforcementRecord;
import io.banstream.schemas.FilterRecord;
import io.banstream.schemas.IgnoreRecord;
import io.banstream.schemas.JailRecord;
import io.banstream.schemas.PolicyRecord;
import io.banstream.schemas.ScopeRecord;
import io.banstream.schemas.SourcesRecord;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Jails as they travel, and back. What comes back has been checked as if it were read anew. */
public final class JailRecords {
  private static final long FOR_EVER = -1;

  private JailRecords() {}

  /**
   * @param group the group of hosts it is for
   * @param version of the push
   */
  public static JailRecord record(String group, long version, Jail jail) {
    return new JailRecord(
        group,
        jail.name(),
        version,
        record(jail.name(), jail.policy()),
        record(jail.sources()),
        record(jail.enforcement()));
  }

  /**
   * @throws IllegalArgumentException if a value is out of its range; the message names the key
   */
  public static Jail jail(JailRecord r) {
    return new Jail(
        r.getJail(),
        policy(r.getPolicy()),
        sources(r.getSources()),
        enforcement(r.getEnforcement()));
  }

  public static PolicyRecord record(String jail, Policy p) {
    Increment i = p.increment();
    return new PolicyRecord(
        jail,
        p.findtime().toMillis(),
        p.bantime().map(Duration::toMillis).orElse(FOR_EVER),
        p.maxretry(),
        p.ignoreip().stream().map(Address::toString).toList(),
        ScopeRecord.valueOf(p.scope().name()),
        p.ipv6prefix(),
        i.enabled(),
        i.factor(),
        i.multipliers(),
        i.maxtime().map(Duration::toMillis).orElse(null),
        i.rndtime().toMillis(),
        i.overalljails(),
        p.dbpurgeage().toMillis(),
        i.formula().map(BanFormula::toString).orElse(null),
        p.guard().bans(),
        p.guard().time().toMillis(),
        p.guard().confirm(),
        p.slow().map(s -> s.longtime().toMillis()).orElse(null),
        p.slow().map(Slow::longretry).orElse(0),
        p.bansOf().map(jails -> jails.stream().sorted().toList()).orElse(null),
        p.trust().forgive(),
        p.trust().known().toMillis(),
        p.subnet().map(Subnet::maxbans).orElse(0),
        p.subnet().map(Subnet::prefix4).orElse(Subnet.USUAL_4),
        p.subnet().map(Subnet::prefix6).orElse(Subnet.USUAL_6),
        p.guard().spare().stream().map(Address::toString).toList(),
        p.maxnames());
  }

  /**
   * @throws IllegalArgumentException if a value is out of its range; the message names the key
   */
  public static Policy policy(PolicyRecord r) {
    return new Policy(
        Duration.ofMillis(r.getFindtimeMs()),
        r.getBantimeMs() == FOR_EVER
            ? Optional.empty()
            : Optional.of(Duration.ofMillis(r.getBantimeMs())),
        r.getMaxretry(),
        r.getIgnoreip().stream().map(Address::parse).toList(),
        Scope.valueOf(r.getScope().name()),
        r.getIpv6prefix(),
        new Increment(
            r.getIncrement(),
            r.getFactor(),
            r.getMultipliers(),
            Optional.ofNullable(r.getMaxtimeMs()).map(Duration::ofMillis),
            Duration.ofMillis(r.getRndtimeMs()),
            r.getOveralljails(),
            Optional.ofNullable(r.getFormula()).map(BanFormula::parse)),
        Duration.ofMillis(r.getDbpurgeageMs()),
        new Guard(
            r.getGuardBans(),
            Duration.ofMillis(r.getGuardTimeMs()),
            r.getGuardConfirm(),
            r.getGuardSpare().stream().map(Address::parse).toList()),
        Optional.ofNullable(r.getLongtimeMs())
            .map(t -> new Slow(Duration.ofMillis(t), r.getLongretry())),
        bansOf(r),
        new Trust(r.getForgive(), Duration.ofMillis(r.getKnownMs())),
        subnet(r),
        r.getUsersMaxnames());
  }

  /** Records of before knew recidive by its name. */
  private static Optional<Set<String>> bansOf(PolicyRecord r) {
    if (r.getBansOf() == null) {
      return r.getJail().equals(Jail.RECIDIVE) ? Optional.of(Set.of()) : Optional.empty();
    }
    return Optional.of(Set.copyOf(r.getBansOf()));
  }

  private static Optional<Subnet> subnet(PolicyRecord r) {
    return r.getSubnetMaxbans() == 0
        ? Optional.empty()
        : Optional.of(new Subnet(r.getSubnetMaxbans(), r.getSubnetPrefix4(), r.getSubnetPrefix6()));
  }

  private static SourcesRecord record(Sources s) {
    FilterDefinition f = s.filter();
    return new SourcesRecord(
        new FilterRecord(
            f.name(),
            f.prefregex().orElse(null),
            f.failregex(),
            f.ignoreregex(),
            f.datepattern().orElse(null),
            f.maxlines(),
            f.journalmatch(),
            f.successregex()),
        s.logpath(),
        s.journal(),
        s.logencoding(),
        s.logtimezone().orElse(null),
        io.banstream.schemas.UseDns.valueOf(s.usedns().name()),
        s.ignoreself(),
        s.tail(),
        s.journalIfNoLogs(),
        s.syslog(),
        s.ignorecommand().map(JailRecords::record).orElse(null));
  }

  private static Sources sources(SourcesRecord r) {
    FilterRecord f = r.getFilter();
    return new Sources(
        new FilterDefinition(
            f.getName(),
            Optional.ofNullable(f.getPrefregex()),
            f.getFailregex(),
            f.getIgnoreregex(),
            Optional.ofNullable(f.getDatepattern()),
            f.getMaxlines(),
            f.getJournalmatch(),
            f.getSuccessregex()),
        r.getLogpath(),
        r.getJournal(),
        r.getLogencoding(),
        Optional.ofNullable(r.getLogtimezone()),
        UseDns.valueOf(r.getUsedns().name()),
        r.getIgnoreself(),
        r.getTail(),
        r.getJournalIfNoLogs(),
        r.getSyslog(),
        Optional.ofNullable(r.getIgnorecommand()).map(JailRecords::ignorecommand));
  }

  private static IgnoreRecord record(IgnoreCommand c) {
    Optional<Cache> cache = c.cache();
    return new IgnoreRecord(
        c.command(),
        cache.map(Cache::key).orElse(null),
        cache.map(Cache::maxCount).orElse(0),
        cache.map(k -> k.maxTime().toMillis()).orElse(0L));
  }

  private static IgnoreCommand ignorecommand(IgnoreRecord r) {
    return new IgnoreCommand(
        r.getCommand(),
        Optional.ofNullable(r.getCacheKey())
            .map(k -> new Cache(k, r.getMaxCount(), Duration.ofMillis(r.getMaxTimeMs()))));
  }

  private static EnforcementRecord record(Enforcement e) {
    return new EnforcementRecord(
        e.closures().stream().map(JailRecords::record).toList(),
        e.actions().stream().map(JailRecords::record).toList(),
        e.cut());
  }

  private static ActionRecord record(ActionCall a) {
    Optional<ActionCommands> c = a.commands();
    return new ActionRecord(
        a.name(),
        a.options(),
        c.map(ActionCommands::name).orElse(null),
        c.map(ActionCommands::inet4).orElse(Map.of()),
        c.map(ActionCommands::inet6).orElse(Map.of()));
  }

  private static ActionCall action(ActionRecord r) {
    return new ActionCall(
        r.getName(),
        r.getOptions(),
        Optional.ofNullable(r.getActname())
            .map(name -> new ActionCommands(name, r.getCommands(), r.getCommandsInet6())));
  }

  private static ClosureRecord record(Closure c) {
    return new ClosureRecord(
        c.ports().stream().map(PortRange::toString).toList(),
        c.protocol(),
        c.chain(),
        c.blocktype(),
        c.banaction());
  }

  private static Enforcement enforcement(EnforcementRecord r) {
    return new Enforcement(
        r.getClosures().stream().map(JailRecords::closure).toList(),
        r.getActions().stream().map(JailRecords::action).toList(),
        r.getCut());
  }

  private static Closure closure(ClosureRecord c) {
    return new Closure(
        c.getPorts().stream().map(PortRange::parse).toList(),
        c.getProtocol(),
        c.getChain(),
        c.getBlocktype(),
        c.getBanaction());
  }
}
