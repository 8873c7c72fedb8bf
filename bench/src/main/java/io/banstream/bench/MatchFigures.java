package io.banstream.bench;

import io.banstream.ingest.TailReading;
import io.banstream.jails.Configuration;
import io.banstream.jails.ConfigurationException;
import io.banstream.jails.LineMatcher;
import io.banstream.jails.MatchSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lines of a mail log a second that one core reads of its file and matches, as the agent does;
 * beside what only finds the newlines, grep and fail2ban. By stages: the newlines alone, the words
 * looked for, all.
 */
final class MatchFigures {
  private static final int LINES = 5_000_000;
  private static final int SLOW_LINES = 20_000;
  private static final int RUNS = 5;
  private static final Path FAIL2BAN = Path.of("/etc/fail2ban");

  private static final List<String> THREE = List.of("postfix-sasl", "dovecot", "sshd");
  private static final List<String> FAIL2BANS_TEN =
      List.of(
          "postfix[mode=auth]",
          "dovecot",
          "sshd",
          "postfix[mode=more]",
          "sendmail-auth",
          "sendmail-reject",
          "courier-auth",
          "cyrus-imap",
          "sieve",
          "perdition");

  /** With the ten, those whose jails read the mail log by fail2ban's jail.conf. */
  private static final List<String> FAIL2BANS_OTHERS =
      List.of("postfix[mode=rbl]", "courier-smtp", "solid-pop3d", "uwimap-auth");

  /** What grep -c and fail2ban-regex say of how many lines they found. */
  private static final Pattern FOUND = Pattern.compile("(?m)(?:^|, )(\\d+)(?:$| matched)");

  private final Path folder;
  private final Path log;
  private final Instant now = Instant.now();
  private final List<Figure> figures = new ArrayList<>();

  private MatchFigures(Path folder) {
    this.folder = folder;
    this.log = folder.resolve("maillog");
  }

  static void print(Path folder) throws Exception {
    new MatchFigures(folder).print();
  }

  private void print() throws Exception {
    MailLogLines.write(log, LINES);
    Path head = folder.resolve("head");
    MailLogLines.write(head, SLOW_LINES);
    System.out.printf(
        "match: %,d lines, %,d bytes, %s; one core, median of %d%n",
        LINES, Files.size(log), MailLogLines.PROPORTIONS, RUNS);
    add("newlines alone", () -> TailReading.newlines(log));
    add("3 filters " + THREE, filters(folder, THREE));
    if (Files.isDirectory(FAIL2BAN)) {
      List<LineMatcher> ten = filters(FAIL2BAN, FAIL2BANS_TEN);
      add("3 of fail2ban's " + FAIL2BANS_TEN.subList(0, 3), ten.subList(0, 3));
      add("10 of fail2ban's", ten);
      List<LineMatcher> all = new ArrayList<>(ten);
      all.addAll(filters(FAIL2BAN, FAIL2BANS_OTHERS));
      all.addAll(filters(folder, THREE));
      all.addAll(filters(folder, List.of("postfix")));
      add(all.size() + ": all that read the mail log", all);
    } else {
      System.out.println("  fail2ban's filters: no " + FAIL2BAN + ", left out");
    }
    command("grep -cF", LINES, "grep", "-cF", "authentication failed", log.toString());
    command(
        "fail2ban-regex, its postfix[mode=auth]",
        SLOW_LINES,
        "fail2ban-regex",
        head.toString(),
        "postfix[mode=auth]");
    for (int run = 0; run < RUNS; run++) {
      for (Figure figure : figures) {
        figure.run();
      }
    }
    figures.forEach(figure -> figure.print(figures.get(0)));
  }

  private List<LineMatcher> filters(Path configuration, List<String> names)
      throws ConfigurationException {
    MatchSettings settings = new MatchSettings(ZoneId.systemDefault(), "auto");
    List<LineMatcher> filters = new ArrayList<>();
    for (String name : names) {
      filters.add(LineMatcher.compile(Configuration.filter(configuration, name), settings));
    }
    return filters;
  }

  private void add(String name, List<LineMatcher> filters) {
    add(name + ", words alone", () -> TailReading.lookedAt(log, filters));
    add(name, () -> TailReading.failures(log, filters, now));
  }

  private void add(String name, CpuTime.Work work) {
    figures.add(new Figure(name, LINES, RUNS, () -> CpuTime.of(work)));
  }

  /** A whole process, its start included; left out, with a word, where it is not installed. */
  private void command(String name, int lines, String... words) throws IOException {
    boolean installed =
        List.of("/usr/bin", "/bin").stream()
            .map(d -> Path.of(d, words[0]))
            .anyMatch(Files::isExecutable);
    if (installed) {
      figures.add(new Figure(name, lines, RUNS, () -> CpuTime.of(FOUND, words)));
    } else {
      System.out.printf("  %s: not installed%n", name);
    }
  }
}
