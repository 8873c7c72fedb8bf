package io.banstream.jails;

import io.banstream.jails.DatePattern.Cut;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the logins that one filter sees in the lines of a log: the date is found and taken out,
 * then the expressions are tried on what is left, as fail2ban does. Keeps state from line to line
 * (a connection's address, the last date); not thread-safe. Lines come to it by a {@link
 * FilterSet}.
 *
 * <p>Of a line the first 64 KiB are looked at: syslog's lines end at 8 KiB or before, and a longer
 * one is no server's message. Bytes that are not text in the log's encoding become U+FFFD.
 */
public final class LineMatcher {
  private static final int LONGEST = 64 * 1024;

  private final Optional<FailureRegex> prefregex;
  private final List<FailureRegex> failregex;
  private final List<FailureRegex> ignoreregex;

  /** Nothing where only failures are looked for. */
  private final List<FailureRegex> successregex;

  private final LineDates dates;
  private final Charset charset;

  /** Of a filter that looks at several lines together. */
  private final Optional<LineBuffer> buffer;

  /** Of a filter that is tried out. */
  private final Optional<MatchWitness> witness;

  private final Connections connections = new Connections();

  private LineMatcher(
      FilterDefinition filter,
      MatchSettings settings,
      Optional<MatchWitness> witness,
      boolean successes) {
    this.witness = witness;
    boolean multiline = filter.maxlines() > 1;
    this.buffer = multiline ? Optional.of(new LineBuffer(filter.maxlines())) : Optional.empty();
    this.prefregex = filter.prefregex().map(r -> FailureRegex.compile("prefregex", r, multiline));
    this.failregex = compile("failregex", filter.failregex(), multiline);
    this.ignoreregex = compile("ignoreregex", filter.ignoreregex(), multiline);
    this.successregex =
        successes ? compile("successregex", filter.successregex(), false) : List.of();
    this.dates = new LineDates(filter.datepattern(), settings.zone());
    this.charset = settings.charset();
    boolean byPrefix = prefregex.map(FailureRegex::identifies).orElse(false);
    for (int i = 0; i < failregex.size(); i++) {
      if (!byPrefix && !failregex.get(i).identifies()) {
        throw new RegexException(
            "failregex",
            filter.failregex().get(i),
            "no <HOST> or the like says whose failure it is");
      }
    }
    for (int i = 0; i < successregex.size(); i++) {
      if (!successregex.get(i).identifiesAlone()) {
        throw new RegexException(
            "successregex",
            filter.successregex().get(i),
            "no <HOST> or the like says who logged in");
      }
    }
  }

  private static List<FailureRegex> compile(String key, List<String> sources, boolean multiline) {
    return sources.stream().map(r -> FailureRegex.compile(key, r, multiline)).toList();
  }

  /**
   * Finds failures alone.
   *
   * @throws IllegalArgumentException if a regular expression does not compile; the message names it
   */
  public static LineMatcher compile(FilterDefinition filter, MatchSettings settings) {
    return new LineMatcher(filter, settings, Optional.empty(), false);
  }

  /**
   * As {@link #compile(FilterDefinition, MatchSettings)}, and in a line that is no failure a login
   * that succeeded.
   */
  public static LineMatcher compileWithSuccesses(FilterDefinition filter, MatchSettings settings) {
    return new LineMatcher(filter, settings, Optional.empty(), true);
  }

  /**
   * As {@link #compile(FilterDefinition, MatchSettings)}, for trying a filter out.
   *
   * @param witness hears what it makes of each line
   */
  public static LineMatcher compile(
      FilterDefinition filter, MatchSettings settings, MatchWitness witness) {
    return new LineMatcher(filter, settings, Optional.of(witness), false);
  }

  /**
   * @throws RegexException if the filter can't be used
   */
  static void check(FilterDefinition filter) {
    compileWithSuccesses(filter, new MatchSettings(ZoneOffset.UTC, "auto"));
  }

  /**
   * The conditions of words, by expression, without which it can't match; empty: none is known. The
   * expressions are those of failregex, then those of successregex.
   */
  List<List<Set<Word>>> conditions() {
    if (witness.isPresent()
        || buffer.isPresent()
        || !AsciiBytes.areIn(charset)
        || dates.cut() == Cut.ANYWHERE) {
      return Collections.nCopies(failregex.size() + successregex.size(), List.of());
    }
    boolean phrases = dates.cut() == Cut.AT_BEGINNING;
    List<Set<Word>> ofAll = prefregex.map(r -> r.requiredWords(phrases)).orElse(List.of());
    Stream<List<Set<Word>>> failures =
        failregex.stream()
            .map(
                r ->
                    Stream.concat(r.requiredWords(phrases).stream(), ofAll.stream())
                        .distinct()
                        .toList());
    Stream<List<Set<Word>>> successes = successregex.stream().map(r -> r.requiredWords(phrases));
    return Stream.concat(failures, successes).toList();
  }

  /**
   * @param possible the expressions that can match
   * @see LogLine#match
   */
  List<Match> match(LogLine line, BitSet possible, Instant now) {
    StepLimit text = new StepLimit(text(line.buf(), line.from(), line.to()));
    LineDates.Dated dated = dates.take(text, () -> before(line, text), now);
    witness.ifPresent(w -> dated.form().ifPresent(w::dated));
    return logins(dated.rest(), dated.time(), possible);
  }

  private List<StepLimit> before(LogLine line, StepLimit text) {
    return line.before().stream().map(b -> text.beside(text(b, 0, b.length))).toList();
  }

  /**
   * @param possible the expressions that can match
   * @see LogLine#matchUndated
   */
  List<Match> matchUndated(LogLine line, BitSet possible, Instant time) {
    String text = text(line.buf(), line.from(), line.to()) + "\n";
    return logins(new StepLimit(text), time, possible);
  }

  private String text(byte[] buf, int from, int to) {
    return new String(buf, from, Math.min(to - from, LONGEST), charset);
  }

  private List<Match> logins(StepLimit line, Instant time, BitSet possible) {
    boolean failing = buffer.isPresent() || possible.nextSetBit(0) < failregex.size();
    List<Match> failures = failing ? failures(line, time, possible) : List.of();
    return failures.isEmpty() && !successregex.isEmpty()
        ? successes(line, time, possible)
        : failures;
  }

  private List<Match> successes(StepLimit line, Instant time, BitSet possible) {
    int first = failregex.size();
    for (int i = possible.nextSetBit(first); i >= 0; i = possible.nextSetBit(i + 1)) {
      Optional<PythonRegex.Found> found = successregex.get(i - first).search(line);
      if (found.isPresent()) {
        Map<String, String> groups = found.get().groups();
        int regex = i - first;
        return host(groups)
            .map(h -> List.of(new Match(h, time, user(groups), regex, true)))
            .orElse(List.of());
      }
    }
    return List.of();
  }

  private List<Match> failures(StepLimit line, Instant time, BitSet possible) {
    if (buffer.isEmpty()) {
      return find(line, time, possible);
    }
    buffer.get().add(line.toString());
    return find(line.beside(buffer.get().text()), time, possible);
  }

  private List<Match> find(StepLimit text, Instant time, BitSet possible) {
    // As fail2ban: where there are few of them, they are tried on the whole line first.
    if (ignoreregex.size() < failregex.size() - 2 && ignored(text)) {
      return List.of();
    }
    Map<String, String> before = Map.of();
    StepLimit content = text;
    if (prefregex.isPresent()) {
      Optional<PythonRegex.Found> prefix = prefregex.get().search(text);
      if (prefix.isEmpty()) {
        return List.of();
      }
      witness.ifPresent(MatchWitness::prefixed);
      before = prefix.get().groups();
      String inner = before.remove("content");
      if (inner != null && !inner.isEmpty()) {
        content = text.part(inner + "\n");
      }
    }
    for (int i = possible.nextSetBit(0);
        i >= 0 && i < failregex.size();
        i = possible.nextSetBit(i + 1)) {
      Optional<PythonRegex.Found> found = failregex.get(i).search(content);
      if (found.isPresent()) {
        List<Match> failures =
            ignored(matched(content, found.get()))
                ? List.of()
                : failure(i, merged(before, found.get().groups()), time);
        tellOthers(i + 1, content);
        return failures;
      }
    }
    return List.of();
  }

  /** Tells which expressions from here on would have matched too. */
  private void tellOthers(int from, StepLimit content) {
    if (witness.isEmpty() || buffer.isPresent()) {
      return;
    }
    for (int i = from; i < failregex.size(); i++) {
      try {
        StepLimit text = new StepLimit(content.toString());
        if (failregex.get(i).search(text).isPresent() && !ignored(text)) {
          witness.get().alsoHit(i);
        }
      } catch (TooManySteps e) {
        witness.get().givenUp(e);
      }
    }
  }

  /** What an ignoreregex looks at: of several lines those of the match. */
  private StepLimit matched(StepLimit content, PythonRegex.Found found) {
    return buffer.map(b -> content.beside(b.take(found))).orElse(content);
  }

  private static Map<String, String> merged(Map<String, String> under, Map<String, String> over) {
    if (under.isEmpty()) {
      return over;
    }
    under.putAll(over);
    return under;
  }

  private boolean ignored(StepLimit line) {
    for (int i = 0; i < ignoreregex.size(); i++) {
      if (ignoreregex.get(i).search(line).isPresent()) {
        int ignoring = i;
        witness.ifPresent(w -> w.ignored(ignoring));
        return true;
      }
    }
    return false;
  }

  private List<Match> failure(int regex, Map<String, String> groups, Instant time) {
    String connection = groups.get("mlfid");
    Map<String, String> all = connection == null ? groups : connections.merge(groups, time);
    witness.ifPresent(w -> w.hit(regex, all));
    if (!all.getOrDefault("nofail", "").isEmpty()) {
      return List.of();
    }
    Optional<String> host = host(all);
    if (host.isEmpty()) {
      if (connection != null) {
        connections.pending(connection);
      }
      return List.of();
    }
    return List.of(new Match(host.get(), time, user(all), regex, false));
  }

  private static Optional<String> user(Map<String, String> groups) {
    return Optional.ofNullable(groups.get("user")).filter(u -> !u.isEmpty());
  }

  /** Whose failure it is: the id where the filter has one, else the address, else the name. */
  private static Optional<String> host(Map<String, String> groups) {
    for (String group : List.of("fid", "ip4", "ip6", "dns")) {
      String value = groups.get(group);
      if (value != null) {
        String cidr = groups.get("cidr");
        boolean network = group.startsWith("ip") && cidr != null;
        return Optional.of(network ? value + "/" + cidr : value);
      }
    }
    return Optional.empty();
  }
}
