package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each built-in filter on its cases: a line, then what is found in it. */
class BuiltInFiltersTest {
  private static final Instant NOW = Instant.parse("2026-11-25T06:00:00Z");

  @TempDir Path empty;

  @ParameterizedTest
  @ValueSource(strings = {"postfix-sasl", "postfix", "dovecot", "sshd", "recidive"})
  void findsWhatItsCasesSay(String filter) throws Exception {
    FilterSet set =
        new FilterSet(
            List.of(
                LineMatcher.compile(
                    Configuration.filter(empty, filter),
                    new MatchSettings(ZoneOffset.UTC, "auto"))));
    List<String> rows = Table.lines("cases/" + filter + ".txt");
    for (int i = 0; i + 1 < rows.size(); i += 2) {
      assertThat(json(find(set, rows.get(i)))).as(rows.get(i)).isEqualTo(rows.get(i + 1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"postfix-sasl", "postfix", "dovecot", "sshd"})
  void findsTheSuccessesThatItsCasesSay(String filter) throws Exception {
    FilterSet set = withSuccesses(filter);
    List<String> rows = Table.lines("cases/successes/" + filter + ".txt");
    for (int i = 0; i + 1 < rows.size(); i += 2) {
      List<Match> found = find(set, rows.get(i)).stream().filter(Match::succeeded).toList();
      assertThat(json(found)).as(rows.get(i)).isEqualTo(rows.get(i + 1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"postfix-sasl", "postfix", "dovecot", "sshd", "recidive"})
  void looksForSuccessesWithoutMissingAFailure(String filter) throws Exception {
    FilterSet set = withSuccesses(filter);
    List<String> rows = Table.lines("cases/" + filter + ".txt");
    for (int i = 0; i + 1 < rows.size(); i += 2) {
      List<Match> found = find(set, rows.get(i)).stream().filter(m -> !m.succeeded()).toList();
      assertThat(json(found)).as(rows.get(i)).isEqualTo(rows.get(i + 1));
    }
  }

  private FilterSet withSuccesses(String filter) throws Exception {
    return new FilterSet(
        List.of(
            LineMatcher.compileWithSuccesses(
                Configuration.filter(empty, filter), new MatchSettings(ZoneOffset.UTC, "auto"))));
  }

  private static List<Match> find(FilterSet set, String row) {
    byte[] line = row.getBytes(StandardCharsets.UTF_8);
    List<Match> found = new ArrayList<>();
    set.scan(line, 0, line.length, l -> found.addAll(l.match(0, NOW)));
    return found;
  }

  private static String json(List<Match> found) {
    if (found.isEmpty()) {
      return "none";
    }
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("address", found.get(0).host());
    found.get(0).user().ifPresent(u -> json.put("user", u));
    return json.toString();
  }
}
