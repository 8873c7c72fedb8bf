package io.banstream.standalone;

import io.banstream.jails.Configuration;
import io.banstream.jails.FilterDefinition;
import io.banstream.jails.FilterSet;
import io.banstream.jails.LineMatcher;
import io.banstream.jails.LogLine;
import io.banstream.jails.Match;
import io.banstream.jails.MatchSettings;
import io.banstream.jails.TooManySteps;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
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
      "Try a filter on a log: show the failures that it sees. Bans nobody.",
      "In json: an object a failure, one a line. Exits with 0 whether or not something matched."
    },
    footer = {
      "",
      "Examples:",
      "  banstream match --config /etc/fail2ban --filter postfix-sasl /var/log/maillog",
      "  banstream match --config /etc/fail2ban --filter 'sshd[mode=\"aggressive\"]' auth.log",
      "  journalctl -o cat -u dovecot | banstream match --config . --filter dovecot --journal -"
    })
final class MatchCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin TimeOptions time;
  @Spec CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "DIR",
      required = true,
      description = "fail2ban's folder; our built-in filters stand beneath its own.")
  private Path config;

  @Option(
      names = "--filter",
      paramLabel = "NAME[OPTION=VALUE,...]",
      required = true,
      description = "As a jail's filter key names it.")
  private String filter;

  @Option(names = "--journal", description = "The lines have no date, and count as now.")
  private boolean journal;

  @Parameters(paramLabel = "FILE", description = "The log, gzip's too; -: standard input.")
  private String file;

  @Override
  public Integer call() throws Exception {
    FilterDefinition definition = Configuration.filter(config, filter);
    LineMatcher matcher = LineMatcher.compile(definition, new MatchSettings(time.zone(), "auto"));
    FilterSet set = new FilterSet(List.of(matcher));
    MatchSummary summary = new MatchSummary(definition);
    Instant now = time.now();
    try (InputStream in = open();
        JsonLines json = new JsonLines(spec.commandLine().getOut())) {
      new Lines(in, file)
          .forEach((buf, to) -> set.scan(buf, 0, to, line -> look(line, now, summary, json)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    summary.givenUp().forEach(spec.commandLine().getErr()::println);
    if (!format.isJson()) {
      summary.lines(set.lines()).forEach(spec.commandLine().getOut()::println);
    }
    return Main.FINE;
  }

  private void look(LogLine line, Instant now, MatchSummary summary, JsonLines json) {
    try {
      List<Match> found = journal ? line.matchUndated(0, now) : line.match(0, now);
      summary.count(found);
      if (format.isJson()) {
        for (Match match : found) {
          write(json, line.number(), match, summary.filter());
        }
      }
    } catch (TooManySteps e) {
      summary.count(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InputStream open() throws IOException {
    return file.equals("-") ? System.in : Lines.open(Path.of(file));
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
