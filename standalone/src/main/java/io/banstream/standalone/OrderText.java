package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** A console's answers to orders, as text. */
final class OrderText {
  private OrderText() {}

  static String ban(JsonNode answer) {
    String text = "Banned " + text(answer, "address") + " in " + text(answer, "jail");
    return withNotes(text + until(answer, " for ever"), answer);
  }

  static String unban(JsonNode answer) {
    List<String> lifted = words(answer.path("lifted"));
    return withNotes(
        lifted.isEmpty() ? "Nothing lifted" : "Lifted: " + String.join(" ", lifted), answer);
  }

  static String allow(JsonNode answer) {
    return withNotes("Allowed " + text(answer, "target") + until(answer, ""), answer);
  }

  static String disallow(JsonNode answer) {
    return withNotes("Withdrawn: " + text(answer, "target"), answer);
  }

  static String take(JsonNode answer) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add("Imported " + text(answer, "taken") + " bans, as decided on " + text(answer, "host"));
    answer
        .path("unknownJails")
        .fields()
        .forEachRemaining(
            jail ->
                lines.add(
                    "  "
                        + jail.getKey().replaceAll("\\p{Cntrl}", "?")
                        + ": no such jail in force, its "
                        + jail.getValue()
                        + " bans are left out"));
    int strange = answer.path("notAddresses").asInt();
    if (strange > 0) {
      lines.add("  " + strange + " bans of what is no address are left out");
    }
    return lines.toString();
  }

  static String push(JsonNode answer) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add("In force: version " + text(answer, "version"));
    for (String key : List.of("added", "changed", "withdrawn", "left")) {
      if (!answer.path(key).isEmpty()) {
        lines.add("  " + key + ": " + String.join(", ", words(answer.path(key))));
      }
    }
    answer.path("differences").forEach(d -> lines.add("  " + text(d, "text")));
    return lines.toString();
  }

  private static String until(JsonNode answer, String forEver) {
    return answer.hasNonNull("until") ? " until " + text(answer, "until") : forEver;
  }

  private static String withNotes(String text, JsonNode answer) {
    StringJoiner lines = new StringJoiner("\n").add(text);
    words(answer.path("notes")).forEach(lines::add);
    return lines.toString();
  }

  private static List<String> words(JsonNode array) {
    List<String> words = new ArrayList<>();
    array.forEach(n -> words.add(n.asText()));
    return words;
  }

  private static String text(JsonNode node, String key) {
    return node.path(key).asText();
  }
}
