package io.banstream.standalone.fail2ban;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.jails.HostNames;
import io.banstream.schemas.Address;
import io.banstream.standalone.fail2ban.Fail2banDump.Commanded;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A jail of {@code jails check --format json} beside the same of {@code fail2ban-client -d}. */
final class Comparison {
  /** What fail2ban's server has where the configuration is silent. */
  private static final Map<String, String> SERVER =
      Map.ofEntries(
          Map.entry("bantime", "600"),
          Map.entry("findtime", "600"),
          Map.entry("maxretry", "3"),
          Map.entry("maxlines", "1"),
          Map.entry("usedns", "warn"),
          Map.entry("logencoding", "auto"),
          Map.entry("ignoreself", "true"),
          Map.entry("bantime.increment", "false"),
          Map.entry("bantime.factor", "1"),
          Map.entry("bantime.rndtime", "0"),
          Map.entry("bantime.overalljails", "false"));

  private static final List<String> SINGLE =
      List.of(
          "bantime",
          "findtime",
          "maxretry",
          "maxmatches",
          "bantime.increment",
          "bantime.factor",
          "bantime.formula",
          "bantime.maxtime",
          "bantime.rndtime",
          "bantime.overalljails",
          "ignorecommand",
          "ignorecache");
  private static final List<String> SINGLE_OF_SOURCES =
      List.of(
          "backend",
          "usedns",
          "prefregex",
          "datepattern",
          "maxlines",
          "logencoding",
          "logtimezone",
          "ignoreself");
  private static final Set<String> FLAGS =
      Set.of(
          "ignoreself",
          "bantime.increment",
          "bantime.overalljails",
          "actionstart_on_demand",
          "actionrepair_on_unban",
          "norestored");

  private List<String> differences;
  private int values;
  private int masters;

  /** How many values were looked at. */
  int values() {
    return values;
  }

  /** How many of them are as fail2ban's master has them, and 1.0.2 has not. */
  int masters() {
    return masters;
  }

  /**
   * @param differences where each is added, as {@code jail key: ours, fail2ban's}
   */
  void jail(JsonNode ours, Commanded theirs, List<String> differences) throws IOException {
    this.differences = differences;
    String jail = ours.path("jail").asText();
    for (String key : SINGLE) {
      same(jail, key, one(key, ours.get(key)), one(key, theirs.set().get(key)));
    }
    same(jail, "bantime.multipliers", words(ours, "bantime.multipliers"), multipliers(theirs));
    same(jail, "ignoreip", words(ours, "ignoreip"), addresses(all(theirs, "ignoreip")));
    if (!jail.equals("recidive")) {
      sources(jail, ours, theirs);
    }
    actions(jail, ours, theirs);
  }

  private void sources(String jail, JsonNode ours, Commanded theirs) throws IOException {
    for (String key : SINGLE_OF_SOURCES) {
      same(jail, key, one(key, ours.get(key)), one(key, theirs.set().get(key)));
    }
    for (String key : List.of("failregex", "ignoreregex")) {
      same(jail, key, words(ours, key), all(theirs, key));
    }
    same(
        jail,
        "journalmatch",
        String.join(" + ", words(ours, "journalmatch")),
        String.join(" ", all(theirs, "journalmatch")).replaceFirst("^\\+ ", ""));
    Set<String> files = files(words(ours, "logpath"), words(ours, "tail"));
    same(jail, "logpath", files, new TreeSet<>(all(theirs, "logpath")));
  }

  private void actions(String jail, JsonNode ours, Commanded theirs) {
    Map<String, Map<String, String>> our = new LinkedHashMap<>();
    for (JsonNode action : ours.path("actions")) {
      our.put(action.path("actname").asText(), normal(action.path("values").properties().stream()));
    }
    same(jail, "actions", our.keySet(), theirs.actions().keySet());
    theirs
        .actions()
        .forEach(
            (name, expected) -> {
              Map<String, String> their = normal(expected.entrySet().stream());
              Map<String, String> its = our.getOrDefault(name, Map.of());
              same(jail, name + " keys", its.keySet(), their.keySet());
              their.forEach((k, v) -> same(jail, name + " " + k, its.get(k), master(k, v, its)));
            });
  }

  /**
   * In fail2ban's master what a jail gives an action for all families is given for each, so that
   * {@code [Init?family=inet6]} no longer goes before it. 1.0.2 has the file's value.
   */
  private String master(String key, String released, Map<String, String> action) {
    int condition = key.indexOf('?');
    String ours = action.get(key);
    boolean given = condition > 0 && Objects.equals(ours, action.get(key.substring(0, condition)));
    if (!given || released.equals(ours)) {
      return released;
    }
    masters++;
    return ours;
  }

  private static Map<String, String> normal(Stream<Map.Entry<String, JsonNode>> values) {
    Map<String, String> normal = new TreeMap<>();
    values.forEach(v -> normal.put(v.getKey(), one(v.getKey(), v.getValue())));
    return normal;
  }

  private static String one(String key, JsonNode value) {
    String text = value == null || value.isNull() ? "" : value.asText();
    if (text.isEmpty() && !key.startsWith("action")) {
      text = SERVER.getOrDefault(key, "");
    }
    if (FLAGS.contains(key)) {
      return Boolean.toString(Set.of("true", "yes", "on", "1").contains(text.toLowerCase()));
    }
    return switch (key) {
      case "bantime", "findtime", "bantime.maxtime", "bantime.rndtime", "bantime.factor" ->
          text.isEmpty() ? "" : "%.3f".formatted(quotient(text));
      case "usedns", "logencoding" -> text.toLowerCase();
      case "backend" -> text.startsWith("systemd") ? "systemd" : "auto";
      default -> text;
    };
  }

  /** fail2ban tells a factor as it was written. */
  private static double quotient(String text) {
    return Stream.of(text.split("/"))
        .map(Double::parseDouble)
        .reduce((dividend, divisor) -> dividend / divisor)
        .orElseThrow();
  }

  private static List<String> words(JsonNode ours, String key) {
    return StreamSupport.stream(ours.path(key).spliterator(), false).map(JsonNode::asText).toList();
  }

  private static List<String> all(Commanded theirs, String key) {
    return theirs.added().getOrDefault(key, List.of()).stream().map(JsonNode::asText).toList();
  }

  private static List<String> multipliers(Commanded theirs) {
    return Stream.of(one("", theirs.set().get("bantime.multipliers")).split(" "))
        .filter(m -> !m.isEmpty())
        .map(m -> Double.valueOf(m).toString())
        .toList();
  }

  private static List<String> addresses(List<String> words) {
    return words.stream()
        .flatMap(
            w ->
                Address.tryParse(w)
                    .map(Stream::of)
                    .orElseGet(() -> HostNames.SYSTEM.addresses(w).stream()))
        .distinct()
        .map(Address::toString)
        .toList();
  }

  /** The files that are there (fail2ban knows no others), each after the word of its first path. */
  private static Set<String> files(List<String> paths, List<String> tail) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String path : paths) {
      PathMatcher glob = FileSystems.getDefault().getPathMatcher("glob:" + path);
      Path folder = Path.of(path).getParent();
      if (Files.isDirectory(folder)) {
        try (Stream<Path> list = Files.list(folder)) {
          list.filter(f -> glob.matches(f) && !f.getFileName().toString().startsWith("."))
              .forEach(f -> files.putIfAbsent(f.toString(), tail.contains(path) ? "tail" : "head"));
        }
      }
    }
    return files.entrySet().stream()
        .map(f -> f.getValue() + " " + f.getKey())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void same(String jail, String key, Object ours, Object theirs) {
    values++;
    if (!Objects.equals(ours, theirs)) {
      differences.add("[" + jail + "] " + key + ": " + ours + ", fail2ban: " + theirs);
    }
  }
}
