package io.banstream.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.jails.JailRecords;
import io.banstream.schemas.Address;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.JailRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The view's answers as JSON. */
final class Answers {
  private final View view;

  Answers(View view) {
    this.view = view;
  }

  /** All jails' figures. */
  ObjectNode status(Instant now) {
    ObjectNode answer = Json.object();
    ArrayNode jails = answer.putArray("jails");
    Map<String, Long> banned = view.banned(now, d -> true);
    for (String jail : view.jailNames(now)) {
      jails.add(figures(jail, DecisionKey.FLEET, banned.getOrDefault(jail, 0L), now));
    }
    return answer;
  }

  /** One jail's figures, with its sources and its banned addresses. */
  ObjectNode status(String jail, Optional<String> host, Instant now) {
    requireJail(jail, now);
    host.ifPresent(this::requireHost);
    List<Decision> bans =
        view.bans(now, d -> d.getJail().equals(jail) && host.map(h -> reaches(d, h)).orElse(true));
    SortedSet<Address> addresses = new TreeSet<>();
    bans.forEach(d -> addresses.add(Address.parse(d.getAddress())));
    ObjectNode answer = figures(jail, host.orElse(DecisionKey.FLEET), addresses.size(), now);
    List<JailRecord> records = records(jail, host);
    Set<String> files = new LinkedHashSet<>();
    Set<String> matches = new LinkedHashSet<>();
    for (JailRecord r : records) {
      if (r.getSources().getJournal()) {
        matches.addAll(r.getSources().getFilter().getJournalmatch());
      } else {
        files.addAll(r.getSources().getLogpath());
      }
    }
    answer.put("journal", records.stream().anyMatch(r -> r.getSources().getJournal()));
    answer.set("files", Json.strings(files));
    answer.set("journalMatches", Json.strings(matches));
    answer.set("bannedAddresses", Json.strings(addresses));
    return answer;
  }

  private ObjectNode figures(String jail, String host, long banned, Instant now) {
    Figures f = view.figures(jail, host, now);
    return Json.object()
        .put("jail", jail)
        .put("host", host)
        .put("currentlyFailed", f.failing())
        .put("totalFailed", f.failed())
        .put("currentlyBanned", banned)
        .put("totalBanned", f.banned())
        .put("ignored", f.ignored())
        .put("late", f.late())
        .put("past", f.past())
        .put("repeated", f.repeated());
  }

  private List<JailRecord> records(String jail, Optional<String> host) {
    Optional<String> group =
        host.flatMap(
            h ->
                view.beats().stream()
                    .map(HostBeat::beat)
                    .filter(b -> b.getHost().equals(h))
                    .map(b -> b.getGroup())
                    .findFirst());
    return view.jails().stream()
        .filter(r -> r.getJail().equals(jail))
        .filter(r -> group.map(r.getGroup()::equals).orElse(true))
        .toList();
  }

  ObjectNode bans(Optional<String> jail, Optional<String> host, Instant now) {
    jail.ifPresent(j -> requireJail(j, now));
    host.ifPresent(this::requireHost);
    Predicate<Decision> ofJail = d -> jail.map(d.getJail()::equals).orElse(true);
    Predicate<Decision> onHost = d -> host.map(h -> reaches(d, h)).orElse(true);
    ObjectNode answer = Json.object();
    answer.set(
        "bans", Json.array(view.bans(now, ofJail.and(onHost)).stream().map(d -> ban(d, now))));
    return answer;
  }

  ObjectNode ban(Decision d, Instant now) {
    return BanAnswer.brief(d, view.evidenceOf(DecisionKey.of(d), d.getFrom()), now);
  }

  private static boolean reaches(Decision d, String host) {
    return DecisionKey.of(d).reaches(host);
  }

  /** The jails in force: one policy each, the groups that have it beside. */
  ObjectNode jails() {
    Map<String, List<JailRecord>> byName = new TreeMap<>();
    view.jails().forEach(r -> byName.computeIfAbsent(r.getJail(), n -> new ArrayList<>()).add(r));
    ObjectNode answer = Json.object();
    ArrayNode jails = answer.putArray("jails");
    byName.forEach((name, records) -> jails.add(jail(name, records)));
    return answer;
  }

  private static ObjectNode jail(String name, List<JailRecord> records) {
    ObjectNode jail = Json.object().put("jail", name);
    var policy = JailRecords.policy(records.get(0).getPolicy());
    ObjectNode values = jail.putObject("policy");
    for (PolicyKey key : PolicyKey.SINGLE) {
      values.put(key.name(), key.value().apply(policy));
    }
    values.put(PolicyKey.IGNOREIP.name(), PolicyKey.IGNOREIP.value().apply(policy));
    ArrayNode groups = jail.putArray("groups");
    for (JailRecord r : records) {
      ObjectNode group = groups.addObject();
      group.put("group", r.getGroup()).put("version", r.getVersion());
      group.put("filter", r.getSources().getFilter().getName());
      group.put("journal", r.getSources().getJournal());
      group.set("logpath", Json.strings(r.getSources().getLogpath()));
      ArrayNode closures = group.putArray("closures");
      r.getEnforcement()
          .getClosures()
          .forEach(
              c -> {
                ObjectNode closure = closures.addObject();
                closure.put("banaction", c.getBanaction()).put("protocol", c.getProtocol());
                closure.put("chain", c.getChain()).put("blocktype", c.getBlocktype());
                closure.set("ports", Json.strings(c.getPorts()));
              });
    }
    return jail;
  }

  ObjectNode allows(Instant now) {
    ObjectNode answer = Json.object();
    answer.set("allows", Json.array(view.allows(now).stream().map(Answers::allow)));
    return answer;
  }

  static ObjectNode allow(AllowRecord a) {
    ObjectNode node = Json.object().put("target", a.getTarget());
    node.set("addresses", Json.strings(a.getAddresses()));
    Json.instant(node, "since", a.getSince());
    Json.instant(node, "until", a.getUntil());
    return node.put("who", a.getWho()).put("why", a.getWhy());
  }

  /** The guards that tripped in the weeks that alerts are kept for, newest first. */
  ObjectNode alerts() {
    return alerts(Instant.EPOCH);
  }

  ObjectNode alerts(Instant since) {
    ObjectNode answer = Json.object();
    answer.set("alerts", Json.array(view.guardTrips(since).stream().map(GuardTrip::json)));
    return answer;
  }

  /** How much could not be read or believed, and the newest of it. */
  ObjectNode deadLetters() {
    ObjectNode answer = Json.object().put("count", view.deadLettersInAll());
    ArrayNode newest = answer.putArray("newest");
    for (DeadLetter d : view.deadLetters()) {
      ObjectNode node = newest.addObject();
      Json.instant(node, "time", d.getTime());
      node.put("host", d.getHost()).put("origin", d.getOrigin()).put("why", d.getWhy());
    }
    return answer;
  }

  void requireJail(String jail, Instant now) {
    SortedSet<String> known = view.jailNames(now);
    if (!known.contains(jail) && !jail.equals(DecisionKey.MANUAL)) {
      throw new UnknownName("jail", jail, known);
    }
  }

  private void requireHost(String host) {
    SortedSet<String> known = view.hostNames();
    if (!known.contains(host)) {
      throw new UnknownName("host", host, known);
    }
  }

  /** A name that nothing bears; the message tells those that there are. */
  static final class UnknownName extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownName(String key, String value, Collection<String> known) {
      super(
          key
              + " = "
              + value
              + ", not known; known: "
              + (known.isEmpty() ? "none" : String.join(", ", known)));
    }
  }
}
