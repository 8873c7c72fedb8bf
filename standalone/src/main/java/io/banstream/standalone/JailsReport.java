package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.jails.Configuration;
import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import io.banstream.jails.FilterDefinition;
import io.banstream.jails.Jail;
import io.banstream.jails.Notice;
import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Guard;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.ResolvedAction;
import io.banstream.jails.ResolvedJail;
import io.banstream.jails.Sources;
import io.banstream.schemas.Address;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a configuration means: each enabled jail's values, and what there is to say. */
final class JailsReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final BigDecimal EVER = BigDecimal.ONE.negate();

  /** What is shown as it was written. */
  private static final List<String> AS_WRITTEN =
      List.of("maxmatches", "ignorecommand", "ignorecache");

  /** What people are shown the number of. */
  private static final Set<String> COUNTED = Set.of("failregex", "ignoreregex");

  private JailsReport() {}

  static JsonNode of(Configuration configuration) {
    ObjectNode report = JSON.createObjectNode();
    ArrayNode notices = report.putArray("notices");
    for (Notice notice : configuration.notices()) {
      notices
          .addObject()
          .put("severity", notice.severity().name().toLowerCase(Locale.ROOT))
          .put("where", notice.where())
          .put("text", notice.text());
    }
    ArrayNode jails = report.putArray("jails");
    for (int i = 0; i < configuration.jails().size(); i++) {
      jail(jails.addObject(), configuration.jails().get(i), configuration.resolved().get(i));
    }
    return report;
  }

  /** Every value, named as in jail.conf(5); times in seconds, -1 for ever. */
  private static void jail(ObjectNode o, Jail jail, ResolvedJail resolved) {
    o.put("jail", jail.name());
    policy(o, jail.policy());
    if (!jail.sources().filter().failregex().isEmpty()) {
      sources(o, jail.sources());
    }
    for (String key : AS_WRITTEN) {
      String value = resolved.values().getOrDefault(key, "");
      if (!value.isEmpty()) {
        o.put(key, value);
      }
    }
    ArrayNode closures = o.putArray("closures");
    for (Closure c : jail.enforcement().closures()) {
      ObjectNode closure = closures.addObject().put("banaction", c.banaction());
      closure.put("chain", c.chain()).put("protocol", c.protocol()).put("blocktype", c.blocktype());
      words(closure, "ports", c.ports().stream().map(PortRange::toString).toList());
    }
    o.put("cut", jail.enforcement().cut());
    ArrayNode actions = o.putArray("actions");
    for (ResolvedAction a : resolved.actions()) {
      ObjectNode action = actions.addObject().put("actname", a.name()).put("action", a.file());
      new TreeMap<>(a.values()).forEach(action.putObject("values")::put);
    }
  }

  private static void policy(ObjectNode o, Policy policy) {
    o.put("bantime", policy.bantime().map(JailsReport::seconds).orElse(EVER));
    o.put("findtime", seconds(policy.findtime()));
    o.put("maxretry", policy.maxretry());
    o.put("scope", policy.scope().name().toLowerCase(Locale.ROOT));
    words(o, "ignoreip", policy.ignoreip().stream().map(Address::toString).toList());
    Increment increment = policy.increment();
    o.put("bantime.increment", increment.enabled());
    o.put("bantime.factor", increment.factor());
    increment.formula().ifPresent(f -> o.put("bantime.formula", f.toString()));
    ArrayNode multipliers = o.putArray("bantime.multipliers");
    increment.multipliers().forEach(multipliers::add);
    increment.maxtime().ifPresent(t -> o.put("bantime.maxtime", seconds(t)));
    o.put("bantime.rndtime", seconds(increment.rndtime()));
    o.put("bantime.overalljails", increment.overalljails());
    policy
        .slow()
        .ifPresent(s -> o.put("longtime", seconds(s.longtime())).put("longretry", s.longretry()));
    policy
        .bansOf()
        .filter(jails -> !jails.isEmpty())
        .ifPresent(jails -> words(o, "recidive.jails", jails.stream().sorted().toList()));
    policy
        .subnet()
        .ifPresent(
            s ->
                o.put("subnet.maxbans", s.maxbans())
                    .put("subnet.prefix4", s.prefix4())
                    .put("subnet.prefix6", s.prefix6()));
    if (policy.maxnames() > 0) {
      o.put("users.maxnames", policy.maxnames());
    }
    Guard guard = policy.guard();
    o.put("guard.bans", guard.bans());
    o.put("guard.time", seconds(guard.time()));
    o.put("guard.confirm", guard.confirm());
    words(o, "guard.spare", guard.spare().stream().map(Address::toString).toList());
    o.put("forgive", policy.trust().forgive());
    o.put("known.days", policy.trust().known().toDays());
  }

  private static void sources(ObjectNode o, Sources sources) {
    FilterDefinition filter = sources.filter();
    o.put("backend", sources.journal() ? "systemd" : sources.syslog() ? "syslog" : "auto");
    if (!sources.journal() && !sources.syslog()) {
      o.put("systemd_if_nologs", sources.journalIfNoLogs());
    }
    o.put("filter", filter.name());
    filter.prefregex().ifPresent(r -> o.put("prefregex", r));
    words(o, "failregex", filter.failregex());
    words(o, "ignoreregex", filter.ignoreregex());
    words(o, "successregex", filter.successregex());
    filter.datepattern().ifPresent(d -> o.put("datepattern", d));
    o.put("maxlines", filter.maxlines());
    words(o, "journalmatch", filter.journalmatch());
    words(o, "logpath", sources.logpath());
    words(o, "tail", sources.tail());
    o.put("logencoding", sources.logencoding());
    sources.logtimezone().ifPresent(z -> o.put("logtimezone", z));
    o.put("usedns", sources.usedns().name().toLowerCase(Locale.ROOT));
    o.put("ignoreself", sources.ignoreself());
  }

  private static BigDecimal seconds(Duration duration) {
    BigDecimal seconds = BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros();
    return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
  }

  private static void words(ObjectNode o, String key, List<String> words) {
    ArrayNode array = o.putArray(key);
    words.forEach(array::add);
  }

  /** The same for people. */
  static String text(JsonNode report) {
    List<String> lines = new ArrayList<>();
    for (JsonNode n : report.path("notices")) {
      lines.add(
          n.path("where").asText()
              + ": "
              + n.path("severity").asText()
              + ": "
              + n.path("text").asText());
    }
    for (JsonNode jail : report.path("jails")) {
      StringJoiner values = new StringJoiner("\n    ", jail.path("jail").asText() + "\n    ", "");
      jail.properties().stream()
          .filter(field -> !field.getKey().equals("jail") && !isEmpty(field.getValue()))
          .forEach(
              field ->
                  values.add(field.getKey() + " = " + shown(field.getKey(), field.getValue())));
      lines.add(values.toString());
    }
    return String.join("\n", lines);
  }

  private static String shown(String key, JsonNode value) {
    if (COUNTED.contains(key)) {
      return Integer.toString(value.size());
    }
    return key.equals("actions")
        ? String.join(", ", value.findValuesAsText("actname"))
        : value(value);
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isArray() && value.isEmpty();
  }

  private static String value(JsonNode value) {
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      value.forEach(part -> parts.add(value(part)));
      return String.join(", ", parts);
    }
    if (value.isObject()) {
      return value.properties().stream()
          .filter(field -> !isEmpty(field.getValue()))
          .map(field -> field.getKey() + " " + value(field.getValue()))
          .collect(Collectors.joining(" "));
    }
    return value.asText().replace("\n", "\n        ");
  }
}
