package io.banstream.jails;

import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the failures that one filter sees in the lines of one log: the date is found and taken out,
 * then the expressions are tried on what is left, as fail2ban does. Keeps state from line to line
 * (a connection's address, the last date); not thread-safe.
 *
 * <p>Of a line the first 64 KiB are looked at: syslog's lines end at 8 KiB or before, and a longer
 * one is no server's message. Bytes that are not text in the log's encoding become U+FFFD. An
 * expression that takes too long on a line is given up there: no match, and counted.
 */
public final class LineMatcher {
  private static final int LONGEST = 64 * 1024;

  /** For how long a line without a date is taken to be of the last date. */
  private static final Duration SAME_DATE = Duration.ofSeconds(60);

  private final Optional<FailureRegex> prefregex;
  private final List<FailureRegex> failregex;
  private final List<FailureRegex> ignoreregex;
  private final DateDetector dates;
  private final Charset charset;
  private final LineSieve sieve;
  private final int maxlines;
  private final Deque<String> earlier = new ArrayDeque<>();
  private final Connections connections = new Connections();
  private Instant lastDate = Instant.MIN;
  private long overLimit;

  private LineMatcher(FilterDefinition filter, MatchSettings settings) {
    this.maxlines = filter.maxlines();
    boolean multiline = maxlines > 1;
    this.prefregex = filter.prefregex().map(r -> FailureRegex.compile("prefregex", r, multiline));
    this.failregex = compile("failregex", filter.failregex());
    this.ignoreregex = compile("ignoreregex", filter.ignoreregex());
    this.dates = DateDetector.of(filter.datepattern(), settings.zone());
    this.charset = settings.charset();
    boolean datesBetweenWords =
        filter.datepattern().filter(d -> d.contains("**") || d.contains("{UNB}")).isEmpty();
    this.sieve =
        multiline || !datesBetweenWords
            ? LineSieve.open()
            : LineSieve.of(prefregex, failregex, charset);
    boolean byPrefix = prefregex.map(FailureRegex::identifies).orElse(false);
    for (int i = 0; i < failregex.size(); i++) {
      if (!byPrefix && !failregex.get(i).identifies()) {
        throw new RegexException(
            "failregex",
            filter.failregex().get(i),
            "no <HOST> or the like says whose failure it is");
      }
    }
  }

  private List<FailureRegex> compile(String key, List<String> sources) {
    return sources.stream().map(r -> FailureRegex.compile(key, r, maxlines > 1)).toList();
  }

  /**
   * @throws IllegalArgumentException if a regular expression does not compile; the message names it
   */
  public static LineMatcher compile(FilterDefinition filter, MatchSettings settings) {
    return new LineMatcher(filter, settings);
  }

  /**
   * @throws RegexException if the filter can't be used
   */
  static void check(FilterDefinition filter) {
    compile(filter, new MatchSettings(ZoneOffset.UTC, "auto"));
  }

  /**
   * The failures in a line that carries its own date. A line without one is of the date of the last
   * line looked at where that was within the last minute, else of now.
   *
   * @param from first byte of the line
   * @param to one past its last byte, its end (LF, CR LF) left out
   * @param now the time of reading: what a date without a year is held against
   */
  public List<Match> match(byte[] buf, int from, int to, Instant now) {
    if (!sieve.passes(buf, from, end(from, to))) {
      return List.of();
    }
    String line = text(buf, from, to);
    try {
      Optional<DateDetector.Date> date = dates.find(new StepLimit(line), now);
      Optional<Instant> time = date.flatMap(DateDetector.Date::time);
      String rest =
          date.isEmpty() || time.isEmpty() && date.get().end() > date.get().start()
              ? line
              : line.substring(0, date.get().start()) + line.substring(date.get().end());
      boolean recent = lastDate.isAfter(Instant.MIN) && lastDate.plus(SAME_DATE).isAfter(now);
      lastDate = time.orElse(lastDate);
      return failures(rest, time.orElse(recent ? lastDate : now));
    } catch (StepLimit.Exceeded e) {
      overLimit++;
      return List.of();
    }
  }

  /**
   * The failures in a line without a date: the journal's, as {@code HOST IDENTIFIER[PID]: MESSAGE}.
   *
   * @param time when it happened
   */
  public List<Match> matchUndated(byte[] buf, int from, int to, Instant time) {
    if (!sieve.passes(buf, from, end(from, to))) {
      return List.of();
    }
    try {
      return failures(text(buf, from, to), time);
    } catch (StepLimit.Exceeded e) {
      overLimit++;
      return List.of();
    }
  }

  /** Lines so far that a regular expression was given up on: they matched nothing. */
  public long overLimit() {
    return overLimit;
  }

  private String text(byte[] buf, int from, int to) {
    return new String(buf, from, end(from, to) - from, charset);
  }

  private static int end(int from, int to) {
    return Math.min(to, from + LONGEST);
  }

  private List<Match> failures(String line, Instant time) {
    if (maxlines > 1) {
      return failuresOfLines(line, time);
    }
    return failures(new StepLimit(line + "\n"), time);
  }

  /** With maxlines: the last lines are looked at together, and forgotten once they matched. */
  private List<Match> failuresOfLines(String line, Instant time) {
    earlier.addLast(line);
    if (earlier.size() > maxlines) {
      earlier.removeFirst();
    }
    List<Match> found = failures(new StepLimit(String.join("\n", earlier) + "\n"), time);
    if (!found.isEmpty()) {
      earlier.clear();
    }
    return found;
  }

  private List<Match> failures(StepLimit line, Instant time) {
    // As fail2ban: where there are few of them, they are tried on the whole line first.
    if (ignoreregex.size() < failregex.size() - 2 && ignored(line)) {
      return List.of();
    }
    Map<String, String> before = Map.of();
    StepLimit content = line;
    if (prefregex.isPresent()) {
      Optional<Map<String, String>> prefix = prefregex.get().search(line);
      if (prefix.isEmpty()) {
        return List.of();
      }
      before = prefix.get();
      String inner = before.remove("content");
      if (inner != null && !inner.isEmpty()) {
        content = new StepLimit(inner + "\n");
      }
    }
    for (int i = 0; i < failregex.size(); i++) {
      Optional<Map<String, String>> found = failregex.get(i).search(content);
      if (found.isPresent()) {
        return ignored(content) ? List.of() : failure(i, merged(before, found.get()), time);
      }
    }
    return List.of();
  }

  private static Map<String, String> merged(Map<String, String> under, Map<String, String> over) {
    Map<String, String> both = new TreeMap<>(under);
    both.putAll(over);
    return both;
  }

  private boolean ignored(StepLimit line) {
    for (FailureRegex regex : ignoreregex) {
      if (regex.search(line).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private List<Match> failure(int regex, Map<String, String> groups, Instant time) {
    String connection = groups.get("mlfid");
    Map<String, String> all = connection == null ? groups : connections.merge(groups, time);
    if (connection != null && !all.getOrDefault("nofail", "").isEmpty()) {
      return List.of();
    }
    Optional<String> host = host(all);
    if (host.isEmpty()) {
      if (connection != null) {
        connections.pending(connection);
      }
      return List.of();
    }
    Optional<String> user = Optional.ofNullable(all.get("user")).filter(u -> !u.isEmpty());
    return List.of(new Match(host.get(), time, user, regex));
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
