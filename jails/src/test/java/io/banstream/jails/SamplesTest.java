package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * fail2ban's own samples under fail2ban's own filters, where ../shared has them: what its engine
 * found, ours finds.
 */
class SamplesTest {
  private static final Path SAMPLES =
      Path.of(System.getProperty("banstream.root"), "..", "shared", "fail2ban-samples");
  @TempDir Path folder;

  private static final Instant NOW = Instant.ofEpochSecond(1124013600);
  private static final MatchSettings SETTINGS =
      new MatchSettings(ZoneId.of("Europe/Zurich"), "auto");

  @Test
  void failuresAreFail2bansOwn() throws Exception {
    assumeTrue(Files.isDirectory(SAMPLES), "skipped: no ../shared/fail2ban-samples");
    copyFilters(SAMPLES, folder);
    Map<String, String> wrong = new TreeMap<>();
    StringBuilder report = new StringBuilder();
    List<Path> files;
    try (var list = Files.list(SAMPLES)) {
      files = list.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList();
    }
    for (Path file : files) {
      String filter = file.getFileName().toString().replace(".jsonl", "");
      List<String> lines = Files.readAllLines(file);
      List<String> differences = differences(lines);
      report.append(
          "%s %d/%d%n".formatted(filter, lines.size() - differences.size(), lines.size()));
      if (!differences.isEmpty()) {
        wrong.put(filter, String.join("\n", differences));
      }
    }
    Path out = Path.of("target", "samples.txt");
    Files.createDirectories(out.getParent());
    Files.writeString(out, report + wrong.toString().replace("\\n", "\n"));
    assertThat(wrong).isEmpty();
  }

  /** The filters of fail2ban's test suite include its common.conf by the path it has there. */
  static void copyFilters(Path samples, Path folder) throws IOException {
    Path filters = Files.createDirectory(folder.resolve("filter.d"));
    try (var list = Files.list(samples.resolve("filter.d"))) {
      for (Path file : list.toList()) {
        String text = Files.readString(file).replace("../../../../config/filter.d/", "");
        Files.writeString(filters.resolve(file.getFileName().toString()), text);
      }
    }
  }

  private List<String> differences(List<String> lines) throws Exception {
    Map<String, FilterSet> runs = new HashMap<>();
    List<String> differences = new ArrayList<>();
    for (String line : lines) {
      JsonNode sample = new ObjectMapper().readTree(line);
      String expected = expected(sample);
      String got;
      try {
        String run = sample.get("run").asText();
        if (!runs.containsKey(run)) {
          runs.put(run, matcher(sample));
        }
        got = got(runs.get(run), sample);
      } catch (ConfigurationException | IllegalArgumentException e) {
        got = e.getMessage();
      }
      if (!got.equals(expected)) {
        differences.add(
            sample.get("log").asText()
                + ":"
                + sample.get("lineno")
                + " "
                + sample.get("run").asText()
                + " expected "
                + expected
                + " got "
                + got
                + " "
                + sample.get("line").asText());
      }
    }
    return differences;
  }

  private FilterSet matcher(JsonNode sample) throws ConfigurationException {
    StringJoiner options = new StringJoiner(",", "[", "]");
    sample
        .get("options")
        .properties()
        .forEach(o -> options.add(o.getKey() + "=\"" + o.getValue().asText() + "\""));
    return new FilterSet(
        List.of(
            LineMatcher.compile(
                Configuration.filter(folder, sample.get("filter").asText() + options), SETTINGS)));
  }

  private static String got(FilterSet matcher, JsonNode sample) {
    byte[] line = sample.get("line").asText().getBytes(StandardCharsets.UTF_8);
    boolean journal = sample.get("source").asText().equals("journal");
    Instant time = Instant.ofEpochSecond(sample.path("journal_time").asLong());
    List<Match> found = new ArrayList<>();
    matcher.scan(
        line,
        0,
        line.length,
        l -> found.addAll(journal ? l.matchUndated(0, time) : l.match(0, NOW)));
    return found.isEmpty()
        ? "none"
        : text(
            sample.get("expect").hasNonNull("host") ? found.get(0).host() : "",
            sample.get("expect").has("epoch")
                ? Long.toString(found.get(0).time().getEpochSecond())
                : "",
            sample.get("expect").has("user") ? found.get(0).user().orElse("") : "");
  }

  private static String expected(JsonNode sample) {
    JsonNode expect = sample.get("expect");
    return expect.get("match").asBoolean()
        ? text(
            expect.path("host").asText(""),
            expect.has("epoch") ? Long.toString(expect.get("epoch").asLong()) : "",
            expect.path("user").asText(""))
        : "none";
  }

  private static String text(String host, String epoch, String user) {
    String address = Address.tryParse(host).map(Address::toString).orElse(host);
    return address.toLowerCase(Locale.ROOT) + " " + epoch + " " + user;
  }
}
