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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Takes records of the topics into a table. */
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

  /** Takes one record; what it changed is added to {@code touched}. */
  void take(ConsumerRecord<byte[], byte[]> r, Table table, Touched touched) throws Unreadable {
    try {
      if (r.key() == null) {
        throw new IllegalArgumentException("a record without a key");
      }
      String key = new String(r.key(), StandardCharsets.UTF_8);
      if (r.topic().equals(topics.decisions())) {
        decision(key, decisions.deserialize(r.topic(), r.value()), table, touched);
      } else if (r.topic().equals(topics.jails())) {
        jail(key, jails.deserialize(r.topic(), r.value()), table, touched);
      } else if (r.topic().equals(topics.allows())) {
        allow(key, allows.deserialize(r.topic(), r.value()), table, touched);
      } else {
        Instant appended = Instant.ofEpochMilli(r.timestamp());
        host(key, hosts.deserialize(r.topic(), r.value()), appended, table, touched);
      }
    } catch (IllegalArgumentException | SerializationException e) {
      throw new Unreadable(e);
    }
  }

  private void decision(String text, Decision d, Table table, Touched touched) {
    DecisionKey key = DecisionKey.parse(text);
    if (d != null && d.getVerdict() == Verdict.BAN) {
      table.ban(key, d.getUntil() == null ? Change.FOR_EVER : d.getUntil());
      if (actions) {
        table.facts(key, d.getFrom(), d.getFailures(), d.getNth());
      }
    } else {
      table.unban(key);
    }
    if (key.reaches(table.host())) {
      touched.entry(new Entry(key.jail(), key.address()));
    }
  }

  private void jail(String text, JailRecord r, Table table, Touched touched) {
    List<String> key = Key.parts(text);
    if (key.size() != 2) {
      throw new IllegalArgumentException("not 'group jail': '" + text + "'");
    }
    if (key.get(0).equals(group)) {
      String jail = Key.requirePart(key.get(1));
      if (r == null ? table.withdraw(jail) : jail(jail, JailRecords.jail(r).enforcement(), table)) {
        touched.jails();
      }
    }
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

  private static void allow(String text, AllowRecord r, Table table, Touched touched) {
    String target = Key.requirePart(text);
    if (r == null) {
      table.disallow(target);
    } else {
      Instant until = r.getUntil() == null ? Change.FOR_EVER : r.getUntil();
      table.allow(
          target, new Table.Allowed(until, r.getAddresses().stream().map(Address::parse).toList()));
    }
    touched.exempt();
  }

  /**
   * A host names its own addresses, and single ones only: one host that lies can't open the others'
   * doors wide.
   */
  private static void host(
      String text, Heartbeat h, Instant appended, Table table, Touched touched) {
    String name = Key.requirePart(Key.parts(text).get(0));
    if (h != null && h.getAddresses().isEmpty()) {
      return;
    }
    List<Address> addresses =
        h == null
            ? List.of()
            : h.getAddresses().stream()
                .limit(MOST_ADDRESSES_OF_A_HOST)
                .map(Address::parse)
                .filter(a -> !a.isNetwork())
                .toList();
    if (table.peer(name, new Table.Peer(appended, addresses))) {
      touched.exempt();
    }
  }
}
