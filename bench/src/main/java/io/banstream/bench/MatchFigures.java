package io.banstream.bench;

import io.banstream.jails.Configuration;
import io.banstream.jails.LineMatcher;
import io.banstream.jails.MatchSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines a second that one core reads and matches, beside what only finds the newlines. */
final class MatchFigures {
  private static final int LINES = 1_000_000;
  private static final int SLOW_LINES = 20_000;
  private static final int RUNS = 5;
  private static final List<String> FILTERS = List.of("postfix-sasl", "dovecot", "sshd");

  /** What grep -c and fail2ban-regex say of how many lines they found. */
  private static final Pattern FOUND = Pattern.compile("(?:^|, )(\\d+)(?:$| matched)");

  private MatchFigures() {}

  static void print(Path folder) throws Exception {
    Path log = folder.resolve("maillog");
    MailLogLines.write(log, LINES);
    byte[] bytes = Files.readAllBytes(log);
    List<LineMatcher> matchers = new ArrayList<>();
    for (String filter : FILTERS) {
      matchers.add(
          LineMatcher.compile(
              Configuration.filter(folder, filter),
              new MatchSettings(ZoneId.systemDefault(), "auto")));
    }
    Instant now = Instant.now();
    System.out.printf(
        "match: %,d lines, %,d bytes, one thread, median of %d%n", LINES, bytes.length, RUNS);
    double newlines = rate("newlines alone", LINES, 0, () -> newlines(bytes));
    rate("our matcher, " + FILTERS, LINES, newlines, () -> matched(bytes, matchers, now));
    for (int i = 0; i < FILTERS.size(); i++) {
      List<LineMatcher> one = List.of(matchers.get(i));
      rate("our matcher, " + FILTERS.get(i), LINES, newlines, () -> matched(bytes, one, now));
    }
    command("grep -cF", LINES, newlines, "grep", "-cF", "authentication failed", log.toString());
    Path head = folder.resolve("head");
    MailLogLines.write(head, SLOW_LINES);
    command(
        "fail2ban-regex, its postfix[mode=auth]",
        SLOW_LINES,
        newlines,
        "fail2ban-regex",
        head.toString(),
        "postfix[mode=auth]");
  }

  private static double rate(String what, int lines, double baseline, LongSupplier work) {
    double[] rates = new double[RUNS];
    long found = work.getAsLong();
    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime();
      if (work.getAsLong() != found) {
        throw new IllegalStateException(what + " finds other lines each time");
      }
      rates[i] = lines * 1e9 / (System.nanoTime() - start);
    }
    Arrays.sort(rates);
    double median = rates[RUNS / 2];
    String ratio = baseline == 0 ? "" : "  %.3f of the newlines' rate".formatted(median / baseline);
    System.out.printf("  %-45s %,12.0f lines/s  found %,d%s%n", what, median, found, ratio);
    return median;
  }

  private static long newlines(byte[] bytes) {
    long lines = 0;
    for (byte b : bytes) {
      if (b == '\n') {
        lines++;
      }
    }
    return lines;
  }

  private static long matched(byte[] bytes, List<LineMatcher> matchers, Instant now) {
    long matched = 0;
    int from = 0;
    for (int to = 0; to < bytes.length; to++) {
      if (bytes[to] == '\n') {
        for (LineMatcher matcher : matchers) {
          matched += matcher.match(bytes, from, to, now).size();
        }
        from = to + 1;
      }
    }
    return matched;
  }

  /** A whole process, its start included; left out, with a word, where it is not installed. */
  private static void command(String what, int lines, double baseline, String... words)
      throws Exception {
    Optional<Path> tool =
        List.of("/usr/bin", "/bin").stream()
            .map(d -> Path.of(d, words[0]))
            .filter(Files::isExecutable)
            .findFirst();
    if (tool.isEmpty()) {
      System.out.printf("  %-45s not installed%n", what);
      return;
    }
    rate(what, lines, baseline, () -> run(words));
  }

  /** Its output is read: grep stops at the first hit where it goes to /dev/null. */
  private static long run(String... words) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readAllBytes();
      process.waitFor();
      String last = new String(output, StandardCharsets.UTF_8).strip();
      Matcher found = FOUND.matcher(last);
      return found.find() ? Long.parseLong(found.group(1)) : 0;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
