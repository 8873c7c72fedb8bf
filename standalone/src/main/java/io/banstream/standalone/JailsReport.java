package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.jails.Configuration;
import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import io.banstream.jails.Jail;
import io.banstream.jails.Notice;
import io.banstream.jails.Policy;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** What a configuration means: each enabled jail's values, and what there is to say. */
final class JailsReport {
  private static final ObjectMapper JSON = new ObjectMapper();

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
    configuration.jails().forEach(jail -> jail(jails.addObject(), jail));
    return report;
  }

  /** Times in seconds, -1 for ever, as jail.conf has them. */
  private static void jail(ObjectNode o, Jail jail) {
    Policy policy = jail.policy();
    o.put("jail", jail.name());
    o.put("bantime", policy.bantime().map(Duration::toSeconds).orElse(-1L));
    o.put("findtime", policy.findtime().toSeconds());
    o.put("maxretry", policy.maxretry());
    o.put("scope", policy.scope().name().toLowerCase(Locale.ROOT));
    words(o, "ignoreip", policy.ignoreip().stream().map(Address::toString).toList());
    o.put("filter", jail.sources().filter().name());
    o.put("failregex", jail.sources().filter().failregex().size());
    words(o, "logpath", jail.sources().logpath());
    words(
        o,
        "journalmatch",
        jail.sources().journal() ? jail.sources().filter().journalmatch() : List.of());
    ArrayNode closures = o.putArray("closures");
    for (Closure c : jail.enforcement().closures()) {
      ObjectNode closure = closures.addObject().put("banaction", c.banaction());
      closure.put("chain", c.chain()).put("protocol", c.protocol()).put("blocktype", c.blocktype());
      words(closure, "ports", c.ports().stream().map(PortRange::toString).toList());
    }
    words(o, "actions", jail.enforcement().actions().stream().map(a -> a.name()).toList());
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
          .forEach(field -> values.add(field.getKey() + " = " + value(field.getValue())));
      lines.add(values.toString());
    }
    return String.join("\n", lines);
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
    return value.asText();
  }
}
