package io.banstream.console;

import io.banstream.jails.HostNames;
import io.banstream.jails.Jail;
import io.banstream.schemas.Address;
import io.banstream.schemas.AllowOrder;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.BanOrder;
import io.banstream.schemas.Command;
import io.banstream.schemas.DisallowOrder;
import io.banstream.schemas.Imported;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import io.banstream.schemas.UnbanOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An operator's word, checked and written to Kafka. A method returns once the brokers have
 * acknowledged; what the word does, the processor decides.
 *
 * <p>Every method throws {@link IllegalArgumentException} for a value that can't be taken and
 * {@link ConsoleException} where Kafka does not take it, each with one line for the user. Safe for
 * use by several threads.
 */
public final class Operator implements AutoCloseable {
  private final CommandLog commands;
  private final Push push;
  private final InstantSource clock;

  private Operator(CommandLog commands, Push push, InstantSource clock) {
    this.commands = commands;
    this.push = push;
    this.clock = clock;
  }

  public static Operator open(KafkaConnection kafka, InstantSource clock) {
    return new Operator(new CommandLog(kafka), new Push(kafka, clock), clock);
  }

  /** Bans; the answer tells until when. */
  public BanOrder ban(BanRequest ban, String who) {
    Instant now = clock.instant();
    String address = ban.target().toString();
    BanOrder order = new BanOrder(address, ban.jail(), Lengths.until(now, ban.length()), null);
    commands.toPartitionOf(address, command(now, who, ban.why(), order));
    return order;
  }

  /**
   * Puts bans in force, and into the history, that another system decided. One that begins within a
   * ban that is known is left out, so the same import may be repeated.
   *
   * @param host where they were decided: in scope host they reach that one only
   */
  public void take(List<ForeignBan> bans, String host, Optional<String> why, String who) {
    Words.why(why);
    Key.requirePart(host);
    Instant now = clock.instant();
    Map<String, List<Command>> orders = new LinkedHashMap<>();
    for (ForeignBan ban : bans) {
      String address = ban.address().toString();
      BanOrder order =
          new BanOrder(
              address, ban.jail(), ban.until().orElse(null), new Imported(ban.from(), host));
      orders.computeIfAbsent(address, a -> new ArrayList<>()).add(command(now, who, why, order));
    }
    commands.toPartitionsOf(orders);
  }

  /**
   * Lifts what is banned and holds {@code target}, and forgets the failures counted for it.
   *
   * @param inForce what is banned now; where {@code jail} is named, by that jail
   * @param ipv6prefixes of the jails, so that the windows of its IPv6 prefixes are found
   * @param jail only this jail's bans; empty: every jail's
   * @param keepHistory the lifted bans still count for recidive and bantime.increment
   * @return the banned addresses and networks that the order lifts
   */
  public List<Address> unban(
      Address target,
      Collection<Address> inForce,
      Collection<Integer> ipv6prefixes,
      Optional<String> jail,
      boolean keepHistory,
      Optional<String> why,
      String who) {
    Words.why(why);
    Instant now = clock.instant();
    UnbanTargets targets = UnbanTargets.of(target, inForce, ipv6prefixes);
    for (List<Address> addresses : List.of(targets.banned(), targets.counted())) {
      for (Address a : addresses) {
        UnbanOrder order = new UnbanOrder(a.toString(), jail.orElse(null), keepHistory);
        commands.toPartitionOf(a.toString(), command(now, who, why, order));
      }
    }
    return targets.banned();
  }

  /** Allows; a name is resolved now and stands for these addresses until it is allowed anew. */
  public AllowRecord allow(AllowRequest allow, String who) {
    Instant now = clock.instant();
    AllowRecord record =
        new AllowRecord(
            allow.target(),
            networks(allow.target()),
            now,
            Lengths.until(now, allow.length()),
            Words.who(who),
            allow.why().orElse(null));
    commands.toEveryPartition(command(now, who, allow.why(), new AllowOrder(record)));
    commands.putAllow(allow.target(), Optional.of(record));
    return record;
  }

  /** Withdraws an allow; one that is not there is withdrawn all the same. */
  public void disallow(String target, Optional<String> why, String who) {
    Words.why(why);
    String key = AllowRequest.canonical(target);
    commands.toEveryPartition(command(clock.instant(), who, why, new DisallowOrder(key)));
    commands.putAllow(key, Optional.empty());
  }

  /**
   * Puts a group's jails in force; those that it had and has no more are withdrawn. What is in
   * force already is left as it is, so the same push may be repeated at each start.
   *
   * @param group the group of hosts
   * @param jails all that the group has
   * @param policyRules policy values that differ from the fleet's take their place
   */
  public PushReport push(String group, List<Jail> jails, boolean policyRules) {
    return push(group, jails, policyRules, "push of " + group);
  }

  PushReport push(String group, List<Jail> jails, boolean policyRules, String who) {
    return push.run(group, jails, policyRules, Words.who(who));
  }

  private static Command command(Instant now, String who, Optional<String> why, Object order) {
    return new Command(now, Words.who(who), why.orElse(null), order);
  }

  private static List<String> networks(String target) {
    if (Address.tryParse(target).isPresent()) {
      return List.of(target);
    }
    List<Address> addresses = HostNames.SYSTEM.addresses(target);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("target = " + target + ": the name does not resolve");
    }
    return addresses.stream().map(Address::toString).toList();
  }

  @Override
  public void close() {
    commands.close();
  }
}
