package io.banstream.standalone.fail2ban;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What {@code fail2ban-client -d} makes of a configuration.
 *
 * @param jails what its server would know of each jail once it has heard all commands, by name
 * @param refused why it refuses a jail, or (alone) the whole; empty where it takes all
 */
record Fail2banDump(Map<String, Commanded> jails, List<String> refused) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A jail once its commands are heard.
   *
   * @param set the last value of each key
   * @param added all values of each key that may be said several times, as failregex
   * @param actions values by key, by the action's name
   */
  record Commanded(
      Map<String, JsonNode> set,
      Map<String, List<JsonNode>> added,
      Map<String, Map<String, JsonNode>> actions) {
    static Commanded empty() {
      return new Commanded(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    }
  }

  /** The command; empty where it is not installed. */
  private static Optional<Path> client() {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(dir -> Path.of(dir, "fail2ban-client"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static boolean isInstalled() {
    return client().isPresent();
  }

  static Fail2banDump of(Path config) throws IOException, InterruptedException {
    Path client = client().orElseThrow();
    // The Python that has fail2ban's modules is the one that the command itself is run by.
    String python;
    try (Stream<String> lines = Files.lines(client)) {
      python = lines.findFirst().orElseThrow().substring("#!".length());
    }
    Path script = config.resolveSibling("dump.py");
    Files.write(script, Fail2banDump.class.getResourceAsStream("dump.py").readAllBytes());
    Path errors = config.resolveSibling("errors");
    String pipe = "'" + client + "' -c '" + config + "' -d | " + python + " '" + script + "'";
    Process process = new ProcessBuilder("sh", "-c", pipe).redirectError(errors.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      throw new IOException("fail2ban-client did not end");
    }
    Fail2banDump dump = new Fail2banDump(new LinkedHashMap<>(), new ArrayList<>());
    for (String line : out.lines().toList()) {
      dump.hear(JSON.readTree(line));
    }
    if (out.isEmpty()) {
      dump.refused.add(Files.readString(errors));
    }
    return dump;
  }

  private void hear(JsonNode command) {
    String verb = command.path(0).asText();
    String jail = command.path(1).asText();
    if (verb.equals("config-error")) {
      refused.add(jail);
    } else if (verb.equals("add")) {
      jails.put(jail, Commanded.empty());
      jails.get(jail).set().put("backend", command.path(2));
    } else if (verb.endsWith("set") && jails.containsKey(jail)) {
      hear(jails.get(jail), verb.equals("multi-set"), command);
    }
  }

  private static void hear(Commanded jail, boolean several, JsonNode command) {
    String key = command.path(2).asText();
    if (key.equals("addaction")) {
      Map<String, JsonNode> values = new LinkedHashMap<>();
      jail.actions().put(command.path(3).asText(), values);
      pythonAction(values, command);
    } else if (key.equals("action")) {
      Map<String, JsonNode> values = jail.actions().get(command.path(3).asText());
      if (several) {
        command.path(4).forEach(pair -> values.put(pair.path(0).asText(), pair.path(1)));
      } else {
        values.put(command.path(4).asText(), command.path(5));
      }
    } else if (key.startsWith("add")) {
      List<JsonNode> all =
          jail.added().computeIfAbsent(key.substring("add".length()), k -> new ArrayList<>());
      if (several) {
        command.path(3).forEach(all::add);
      } else if (key.equals("addlogpath")) {
        addlogpath(all, command.path(3).asText(), command.path(4).asText());
      } else {
        if (key.equals("addjournalmatch")) {
          all.add(JSON.getNodeFactory().textNode("+"));
        }
        for (int i = 3; i < command.size(); i++) {
          all.add(command.path(i));
        }
      }
    } else {
      jail.set().put(key, command.path(3));
    }
  }

  /** Of a path that comes twice the server refuses the second. */
  private static void addlogpath(List<JsonNode> all, String path, String word) {
    if (all.stream().noneMatch(p -> p.asText().substring(5).equals(path))) {
      all.add(JSON.getNodeFactory().textNode(word.toLowerCase(Locale.ROOT) + " " + path));
    }
  }

  /** An action in Python is added by its file and its options. */
  private static void pythonAction(Map<String, JsonNode> values, JsonNode command) {
    if (command.size() == 6) {
      try {
        JSON.readTree(command.path(5).asText())
            .properties()
            .forEach(option -> values.put(option.getKey(), option.getValue()));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
