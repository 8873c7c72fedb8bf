package io.banstream.standalone;

import io.banstream.jails.FilterDefinition;
import io.banstream.jails.FilterSet;
import io.banstream.jails.LineMatcher;
import io.banstream.jails.LogLine;
import io.banstream.jails.Match;
import io.banstream.jails.MatchSettings;
import io.banstream.jails.TooManySteps;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What fail2ban-regex does. */
@Command(
    name = "match",
    description = {
      "Try a filter on a log: show the failures that it sees.",
      "Bans nobody. In text: what fail2ban-regex tells; with --verbose also the "
          + "expressions that matched nothing, and what each match captured. In json: an "
          + "object a failure, one a line. Exits with 0 whether or not something matched."
    },
    footer = {
      "",
      "Examples:",
      "  banstream match --config /etc/fail2ban --filter postfix-sasl /var/log/maillog",
      "  banstream match --filter 'sshd[mode=\"aggressive\"]' auth.log",
      "  banstream match --filter dovecot --print-all-missed maillog",
      "  banstream match --failregex 'failed login from <HOST>$' \\",
      "      --line '2026-11-25 03:31:46 failed login from 192.0.2.1'",
      "  journalctl -o cat -u dovecot | banstream match --filter dovecot --journal -"
    })
final class MatchCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin FilterOptions filter;
  @Mixin TimeOptions time;
  @Mixin PrintOptions print;
  @Spec CommandSpec spec;

  @Option(
      names = "--journal",
      description =
          "The lines are of the journal: they have no date, and count as now, and the "
              + "filter is taken with logtype=journal, unless it names one.")
  private boolean journal;

  @ArgGroup(multiplicity = "1")
  private Log log;

  /** What is read. */
  private static final class Log {
    @Parameters(paramLabel = "FILE", description = "The log, gzip's too; -: standard input.")
    private String file;

    @Option(
        names = "--line",
        paramLabel = "TEXT",
        description = "A line in place of a log; may come several times.")
    private List<String> lines;

    String name() {
      return file == null ? "--line" : file;
    }

    InputStream open(MatchSettings settings) throws IOException {
      if (file == null) {
        return new ByteArrayInputStream(String.join("\n", lines).getBytes(settings.charset()));
      }
      return file.equals("-") ? System.in : Lines.open(Path.of(file));
    }
  }

  @Override
  public Integer call() throws Exception {
    print.check();
    if (format.isJson() && print.given()) {
      throw new IllegalArgumentException("--print-... is for --format text");
    }
    FilterDefinition definition = filter.definition(journal);
    MatchSettings settings = filter.settings(time.zone());
    if (format.isJson()) {
      writeFailures(definition, settings);
    } else {
      tryOut(definition, settings);
    }
    return Main.FINE;
  }

  private void tryOut(FilterDefinition definition, MatchSettings settings) throws IOException {
    Trial trial = new Trial(definition);
    FilterSet set = new FilterSet(List.of(LineMatcher.compile(definition, settings, trial)));
    PrintWriter out = spec.commandLine().getOut();
    ShownLines shown = new ShownLines(print, verbose.verbose, out);
    Instant now = time.now();
    long begin = System.nanoTime();
    read(set, settings, line -> tryOut(line, now, settings, trial, shown));
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    MatchSummary.givenUp(trial.givenUp()).forEach(spec.commandLine().getErr()::println);
    MatchSummary.lines(trial, verbose.verbose, took).forEach(out::println);
    shown.end();
  }

  private void tryOut(
      LogLine line, Instant now, MatchSettings settings, Trial trial, ShownLines shown) {
    if (line.to() == line.from() || line.buf()[line.from()] == '#') {
      trial.passOver(); // as fail2ban-regex does; an agent looks at them like at all others
      return;
    }
    Trial.Outcome outcome = trial.line(() -> find(line, now));
    String text = new String(line.buf(), line.from(), line.to() - line.from(), settings.charset());
    shown.add(outcome, line.number(), text);
    trial.lastHit().ifPresent(hit -> shown.add(line.number(), hit, trial.lastTime()));
  }

  private void writeFailures(FilterDefinition definition, MatchSettings settings)
      throws IOException {
    FilterSet set = new FilterSet(List.of(LineMatcher.compile(definition, settings)));
    Map<String, Long> givenUp = new TreeMap<>();
    Instant now = time.now();
    try (JsonLines json = new JsonLines(spec.commandLine().getOut())) {
      read(
          set,
          settings,
          line -> {
            try {
              for (Match match : find(line, now)) {
                write(json, line.number(), match, definition.name());
              }
            } catch (TooManySteps e) {
              givenUp.merge(e.getMessage(), 1L, Long::sum);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    MatchSummary.givenUp(givenUp).forEach(spec.commandLine().getErr()::println);
  }

  private List<Match> find(LogLine line, Instant now) {
    return journal ? line.matchUndated(0, now) : line.match(0, now);
  }

  private void read(FilterSet set, MatchSettings settings, FilterSet.Taker taker)
      throws IOException {
    try (InputStream in = log.open(settings)) {
      new Lines(in, log.name()).forEach((buf, to) -> set.scan(buf, 0, to, taker));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void write(JsonLines lines, long line, Match match, String jail)
      throws IOException {
    lines.object(
        json -> {
          json.writeNumberField("line", line);
          json.writeStringField("address", match.host());
          json.writeNumberField("time", Epoch.of(match.time()));
          json.writeStringField("user", match.user().orElse(null));
          json.writeStringField("jail", jail);
        });
  }
}
