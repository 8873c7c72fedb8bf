package io.banstream.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.ingest.Checkpoint.FilePoint;
import io.banstream.ingest.Checkpoint.JournalPoint;
import io.banstream.ingest.Fingerprint.Inode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The checkpoint as JSON. */
final class CheckpointText {
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private CheckpointText() {}

  static String write(Checkpoint checkpoint) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", VERSION).put("incarnation", checkpoint.incarnation());
    ObjectNode files = root.putObject("files");
    checkpoint.files().forEach((path, point) -> write(files.putObject(path), point));
    ObjectNode journals = root.putObject("journals");
    checkpoint.journals().forEach((jail, point) -> write(journals.putObject(jail), point));
    ObjectNode tails = root.putObject("tails");
    checkpoint.tails().forEach((jail, paths) -> paths.forEach(tails.putArray(jail)::add));
    ObjectNode standIns = root.putObject("standIns");
    checkpoint.standIns().forEach(standIns::put);
    return root.toPrettyString();
  }

  private static void write(ObjectNode node, FilePoint point) {
    Place place = point.place();
    Fingerprint known = place.fingerprint();
    node.put("generation", place.generation()).put("offset", place.offset());
    node.put("device", known.file().device()).put("inode", known.file().number());
    node.put("head", known.length()).put("crc", known.crc());
    ObjectNode jails = node.putObject("jails");
    point
        .jails()
        .forEach(
            (jail, mark) ->
                jails
                    .putObject(jail)
                    .put("generation", mark.generation())
                    .put("offset", mark.offset()));
  }

  private static void write(ObjectNode node, JournalPoint point) {
    node.put("generation", point.generation()).put("sequence", point.sequence());
    node.put("index", point.index()).put("cursor", point.cursor().orElse(null));
    node.put("since", point.since());
  }

  /**
   * @throws IllegalArgumentException if the text is no checkpoint of a version that is known
   */
  static Checkpoint read(String text) {
    try {
      JsonNode root = JSON.readTree(text);
      int version = root.path("version").asInt();
      if (version != VERSION) {
        throw new IllegalArgumentException("version = " + version + ", expected " + VERSION);
      }
      Map<String, FilePoint> files = new TreeMap<>();
      root.required("files").properties().forEach(f -> files.put(f.getKey(), file(f.getValue())));
      Map<String, JournalPoint> journals = new TreeMap<>();
      root.required("journals")
          .properties()
          .forEach(j -> journals.put(j.getKey(), journal(j.getValue())));
      Map<String, Set<String>> tails = new TreeMap<>();
      root.path("tails").properties().forEach(t -> tails.put(t.getKey(), words(t.getValue())));
      Map<String, Boolean> standIns = new TreeMap<>();
      root.path("standIns")
          .properties()
          .forEach(s -> standIns.put(s.getKey(), s.getValue().asBoolean()));
      return new Checkpoint(
          root.required("incarnation").asText(), files, journals, tails, standIns);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static FilePoint file(JsonNode node) {
    Map<String, Mark> jails = new TreeMap<>();
    node.required("jails").properties().forEach(j -> jails.put(j.getKey(), mark(j.getValue())));
    Fingerprint known =
        new Fingerprint(
            new Inode(number(node, "device"), number(node, "inode")),
            (int) number(node, "head"),
            number(node, "crc"));
    return new FilePoint(
        new Place(number(node, "generation"), number(node, "offset"), known), jails);
  }

  private static Mark mark(JsonNode node) {
    return new Mark(number(node, "generation"), number(node, "offset"));
  }

  private static JournalPoint journal(JsonNode node) {
    return new JournalPoint(
        number(node, "generation"),
        node.required("sequence").asText(),
        number(node, "index"),
        Optional.ofNullable(node.required("cursor").textValue()),
        number(node, "since"));
  }

  private static Set<String> words(JsonNode node) {
    Set<String> words = new TreeSet<>();
    node.forEach(word -> words.add(word.asText()));
    return words;
  }

  private static long number(JsonNode node, String key) {
    JsonNode value = node.required(key);
    if (!value.isIntegralNumber()) {
      throw new IllegalArgumentException(key + " = " + value + ", expected a whole number");
    }
    return value.longValue();
  }
}
