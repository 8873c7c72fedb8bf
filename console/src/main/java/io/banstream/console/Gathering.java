package io.banstream.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Bans that wait to be told to one recipient in one mail. */
final class Gathering {
  private static final int HOSTS_NAMED = 20;

  private final Instant since;
  private final List<String> lines = new ArrayList<>();
  private final SortedSet<String> hosts = new TreeSet<>();
  private MailAction action;
  private int size;

  /**
   * @param since when the first came
   */
  Gathering(Instant since, MailAction action) {
    this.since = since;
    this.action = action;
  }

  /**
   * @param action what is asked for by now
   */
  void add(MailAction action, Announcement ban) {
    this.action = action;
    String line = ban.decision().getFrom() + " " + ban.line();
    add(1, List.of(line), ban.hosts());
  }

  void add(Gathering other) {
    add(other.size, other.lines, other.hosts);
  }

  private void add(int number, List<String> more, Iterable<String> from) {
    size += number;
    more.stream().limit(MailAction.MOST_GATHERED - lines.size()).forEach(lines::add);
    for (String host : from) {
      if (hosts.size() < HOSTS_NAMED) {
        hosts.add(host);
      }
    }
  }

  Instant since() {
    return since;
  }

  MailAction action() {
    return action;
  }

  /** How many bans; not all may be in {@link #lines}. */
  int size() {
    return size;
  }

  boolean isFull() {
    return size >= action.gathered();
  }

  /** A line a ban, the last one tells how many more there are. */
  List<String> lines() {
    List<String> all = new ArrayList<>(lines);
    if (size > lines.size()) {
      all.add("and " + (size - lines.size()) + " more: banstream bans");
    }
    return all;
  }

  /** The hosts that logged the failures; of many some. */
  List<String> hosts() {
    return List.copyOf(hosts);
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    json.put("since", since.toString());
    json.putObject("action")
        .put("name", action.name())
        .put("dest", action.dest())
        .put("sender", action.sender())
        .put("senderName", action.senderName())
        .put("gathered", action.gathered());
    json.put("size", size);
    json.set("lines", Json.strings(lines));
    json.set("hosts", Json.strings(hosts));
    return json;
  }

  /**
   * What {@link #json} made.
   *
   * @throws RuntimeException if it is something else
   */
  static Gathering read(JsonNode json) {
    JsonNode action = json.path("action");
    MailAction.requireAddress("dest", action.path("dest").asText());
    MailAction.requireAddress("sender", action.path("sender").asText());
    Gathering gathering =
        new Gathering(
            Instant.parse(json.path("since").asText()),
            new MailAction(
                action.path("name").asText(),
                action.path("dest").asText(),
                action.path("sender").asText(),
                action.path("senderName").asText(),
                false,
                false,
                action.path("gathered").asInt()));
    gathering.size = json.path("size").asInt();
    json.path("lines").forEach(line -> gathering.lines.add(line.asText()));
    json.path("hosts").forEach(host -> gathering.hosts.add(host.asText()));
    return gathering;
  }
}
