package io.banstream.enforcer;

import io.banstream.jails.ActionCommands;
import io.banstream.jails.Enforcement;
import io.banstream.jails.JailRecords;
import io.banstream.schemas.Address;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Heartbeat;
import io.banstream.schemas.JailRecord;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import io.banstream.schemas.Topics;
import io.banstream.schemas.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Decodes records of the topics. Safe for use by several threads. */
final class Intake {
  private static final int MOST_ADDRESSES_OF_A_HOST = 64;

  private final Topics topics;
  private final String group;
  private final boolean actions;
  private final Deserializer<Decision> decisions;
  private final Deserializer<JailRecord> jails;
  private final Deserializer<AllowRecord> allows;
  private final Deserializer<Heartbeat> hosts;

  /**
   * @param actions whether this host runs what jails' actions say
   */
  Intake(KafkaConnection kafka, String group, boolean actions) {
    this.topics = kafka.topics();
    this.group = group;
    this.actions = actions;
    this.decisions = kafka.serde(Decision.class).deserializer();
    this.jails = kafka.serde(JailRecord.class).deserializer();
    this.allows = kafka.serde(AllowRecord.class).deserializer();
    this.hosts = kafka.serde(Heartbeat.class).deserializer();
  }

  /** A record that can't be read or believed. */
  static final class Unreadable extends Exception {
    Unreadable(RuntimeException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** What a record does to a table. */
  Step read(ConsumerRecord<byte[], byte[]> r) throws Unreadable {
    try {
      if (r.key() == null) {
        throw new IllegalArgumentException("a record without a key");
      }
      String key = new String(r.key(), StandardCharsets.UTF_8);
      if (r.topic().equals(topics.decisions())) {
        return decision(DecisionKey.parse(key), decisions.deserialize(r.topic(), r.value()));
      }
      if (r.topic().equals(topics.jails())) {
        return jail(key, jails.deserialize(r.topic(), r.value()));
      }
      if (r.topic().equals(topics.allows())) {
        return allow(Key.requirePart(key), allows.deserialize(r.topic(), r.value()));
      }
      Instant appended = Instant.ofEpochMilli(r.timestamp());
      return host(key, hosts.deserialize(r.topic(), r.value()), appended);
    } catch (IllegalArgumentException | SerializationException e) {
      throw new Unreadable(e);
    }
  }

  private Step decision(DecisionKey key, Decision d) {
    boolean ban = d != null && d.getVerdict() == Verdict.BAN;
    Optional<Instant> until =
        ban ? Optional.of(d.getUntil() == null ? Change.FOR_EVER : d.getUntil()) : Optional.empty();
    Optional<Table.Facts> facts =
        ban && actions
            ? Optional.of(new Table.Facts(d.getFrom(), d.getFailures(), d.getNth()))
            : Optional.empty();
    return (table, touched) -> {
      until.ifPresentOrElse(end -> table.ban(key, end), () -> table.unban(key));
      facts.ifPresent(known -> table.facts(key, known));
      if (key.reaches(table.host())) {
        touched.entry(new Entry(key.jail(), key.address()));
      }
    };
  }

  private Step jail(String text, JailRecord r) {
    List<String> key = Key.parts(text);
    if (key.size() != 2) {
      throw new IllegalArgumentException("not 'group jail': '" + text + "'");
    }
    if (!key.get(0).equals(group)) {
      return (table, touched) -> {};
    }
    String jail = Key.requirePart(key.get(1));
    Optional<Enforcement> enforcement =
        Optional.ofNullable(r).map(record -> JailRecords.jail(record).enforcement());
    return (table, touched) -> {
      if (enforcement.map(e -> jail(jail, e, table)).orElseGet(() -> table.withdraw(jail))) {
        touched.jails();
      }
    };
  }

  private boolean jail(String jail, Enforcement enforcement, Table table) {
    List<ActionCommands> commands =
        actions
            ? enforcement.actions().stream().flatMap(a -> a.commands().stream()).toList()
            : List.of();
    return table.jail(jail, enforcement.closures())
        | table.actions(jail, commands)
        | table.cut(jail, enforcement.cut());
  }

  private static Step allow(String target, AllowRecord r) {
    Optional<Table.Allowed> allowed =
        Optional.ofNullable(r)
            .map(
                record ->
                    new Table.Allowed(
                        record.getUntil() == null ? Change.FOR_EVER : record.getUntil(),
                        record.getAddresses().stream().map(Address::parse).toList()));
    return (table, touched) -> {
      allowed.ifPresentOrElse(a -> table.allow(target, a), () -> table.disallow(target));
      touched.exempt();
    };
  }

  /**
   * A host names its own addresses, and single ones only: one host that lies can't open the others'
   * doors wide.
   */
  private static Step host(String text, Heartbeat h, Instant appended) {
    String name = Key.requirePart(Key.parts(text).get(0));
    if (h != null && h.getAddresses().isEmpty()) {
      return (table, touched) -> {};
    }
    List<Address> addresses =
        h == null
            ? List.of()
            : h.getAddresses().stream()
                .limit(MOST_ADDRESSES_OF_A_HOST)
                .map(Address::parse)
                .filter(a -> !a.isNetwork())
                .toList();
    return (table, touched) -> {
      if (table.peer(name, new Table.Peer(appended, addresses))) {
        touched.exempt();
      }
    };
  }
}
