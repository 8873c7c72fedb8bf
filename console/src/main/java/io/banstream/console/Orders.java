package io.banstream.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.jails.Jail;
import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.schemas.Address;
import io.banstream.schemas.AvroSerde;
import io.banstream.schemas.BanOrder;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.JailRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.errors.SerializationException;

/** What changes something: an order's JSON taken to the operator, its answer as JSON. */
final class Orders {
  private static final String NOBODY = "console";

  private final View view;
  private final Answers answers;
  private final Operator operator;
  private final InstantSource clock;

  Orders(View view, Answers answers, Operator operator, InstantSource clock) {
    this.view = view;
    this.answers = answers;
    this.operator = operator;
    this.clock = clock;
  }

  ObjectNode ban(byte[] body) {
    Body order = Body.read(body, Set.of("address", "jail", "for", "why", "who", "confirmed"));
    Instant now = clock.instant();
    Address target = order.address("address");
    String jail = order.text("jail").orElse(DecisionKey.MANUAL);
    answers.requireJail(jail, now);
    Optional<Duration> length = order.has("for") ? order.length("for") : bantime(jail);
    BanRequest ban =
        new BanRequest(target, jail, length, order.text("why"), order.flag("confirmed"));
    BanOrder said = operator.ban(ban, who(order));
    ObjectNode answer = Json.object().put("address", said.getAddress()).put("jail", jail);
    Json.instant(answer, "until", said.getUntil());
    ArrayNode notes = answer.putArray("notes");
    if (target.isLoopback()) {
      notes.add(target + " is loopback: hosts will not apply the ban");
    }
    view.allowsOf(target, now)
        .forEach(a -> notes.add(a.getTarget() + " is allowed: hosts will not apply the ban"));
    return answer;
  }

  /** What the jail's own bans last; the jail {@code manual} has no policy: for ever. */
  private Optional<Duration> bantime(String jail) {
    return policy(jail).flatMap(Policy::bantime);
  }

  private Optional<Policy> policy(String jail) {
    return view.jails().stream()
        .filter(r -> r.getJail().equals(jail))
        .findFirst()
        .map(r -> JailRecords.policy(r.getPolicy()));
  }

  /** Bans of another system; those of jails that are not known here are left out, and counted. */
  ObjectNode take(byte[] body) {
    Body order = Body.read(body, Set.of("host", "bans", "why", "who"));
    List<ForeignBan> taken = new ArrayList<>();
    Map<String, Integer> unknown = new TreeMap<>();
    Map<String, Optional<Policy>> policies = new HashMap<>();
    for (Body ban : order.objects("bans", Set.of("jail", "address", "from", "for"))) {
      String jail = ban.requiredText("jail");
      Optional<Policy> policy = policies.computeIfAbsent(jail, this::policy);
      if (policy.isEmpty()) {
        unknown.merge(jail, 1, Integer::sum);
      } else {
        taken.add(foreign(ban, jail, policy.get()));
      }
    }
    operator.take(taken, order.requiredText("host"), order.text("why"), who(order));
    ObjectNode answer = Json.object().put("taken", taken.size());
    unknown.forEach(answer.putObject("unknownJails")::put);
    return answer;
  }

  private static ForeignBan foreign(Body ban, String jail, Policy policy) {
    Instant from = ban.instant("from");
    Optional<Duration> length = ban.has("for") ? ban.length("for") : policy.bantime();
    Lengths.require(length);
    Address address = ban.address("address").counted(policy.ipv6prefix());
    return new ForeignBan(jail, address, from, length.map(from::plus));
  }

  ObjectNode unban(byte[] body) {
    Body order = Body.read(body, Set.of("address", "jail", "keepHistory", "why", "who"));
    Instant now = clock.instant();
    Address target = order.address("address");
    Optional<String> jail = order.text("jail");
    jail.ifPresent(j -> answers.requireJail(j, now));
    List<Address> inForce = view.bannedAddresses(target, jail, now);
    List<Address> lifted =
        operator.unban(
            target,
            inForce,
            view.ipv6prefixes(),
            jail,
            order.flag("keepHistory"),
            order.text("why"),
            who(order));
    ObjectNode answer = Json.object().put("address", target.toString());
    answer.set("lifted", Json.strings(lifted));
    ArrayNode notes = answer.putArray("notes");
    if (lifted.isEmpty()) {
      notes.add(target + " was not banned; failures counted for it are forgotten");
    }
    long inside = inForce.size() - lifted.size();
    if (inside > 0) {
      notes.add(inside + " banned inside " + target + " stay: name them to lift them");
    }
    return answer;
  }

  ObjectNode allow(byte[] body) {
    Body order = Body.read(body, Set.of("target", "for", "why", "who", "confirmed"));
    AllowRequest allow =
        new AllowRequest(
            order.requiredText("target").strip(),
            order.length("for"),
            order.text("why"),
            order.flag("confirmed"));
    return Answers.allow(operator.allow(allow, who(order)));
  }

  ObjectNode disallow(byte[] body) {
    Body order = Body.read(body, Set.of("target", "why", "who"));
    String target = AllowRequest.canonical(order.requiredText("target").strip());
    Set<String> known = new TreeSet<>();
    view.allows(clock.instant()).forEach(a -> known.add(a.getTarget()));
    if (!known.contains(target)) {
      throw new Answers.UnknownName("target", target, known);
    }
    operator.disallow(target, order.text("why"), who(order));
    return Json.object().put("target", target);
  }

  ObjectNode push(byte[] body) {
    Body order = Body.read(body, Set.of("group", "policy", "jails", "why", "who"));
    PushReport report =
        operator.push(order.requiredText("group"), jails(order), order.flag("policy"), who(order));
    ObjectNode answer = Json.object().put("version", report.version());
    answer.set("added", Json.strings(report.added()));
    answer.set("changed", Json.strings(report.changed()));
    answer.set("withdrawn", Json.strings(report.withdrawn()));
    answer.set("left", Json.strings(report.left()));
    ArrayNode differences = answer.putArray("differences");
    for (PolicyDifference d : report.differences()) {
      differences
          .addObject()
          .put("jail", d.jail())
          .put("key", d.key())
          .put("fleet", d.fleet())
          .put("pushed", d.pushed())
          .put("kept", d.kept())
          .put("text", d.toString());
    }
    return answer;
  }

  /** Each a JailRecord in Avro's single-object encoding, as Base64. */
  private static List<Jail> jails(Body order) {
    var serde = new AvroSerde<>(JailRecord.class, Optional.empty()).deserializer();
    List<Jail> jails = new ArrayList<>();
    for (String text : order.texts("jails")) {
      try {
        jails.add(JailRecords.jail(serde.deserialize("", Base64.getDecoder().decode(text))));
      } catch (SerializationException e) {
        throw new IllegalArgumentException("jails: an element is no JailRecord", e);
      }
    }
    return jails;
  }

  private static String who(Body order) {
    return Words.who(order.text("who").orElse(NOBODY));
  }
}
