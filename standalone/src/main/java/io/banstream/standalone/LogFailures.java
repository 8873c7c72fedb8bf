package io.banstream.standalone;

import io.banstream.jails.FilterSet;
import io.banstream.jails.Jail;
import io.banstream.jails.LineMatcher;
import io.banstream.jails.LogLine;
import io.banstream.jails.Match;
import io.banstream.jails.MatchSettings;
import io.banstream.jails.TooManySteps;
import io.banstream.processor.ReplayFailure;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The failures that jails see in the logs of several hosts, merged by time. */
final class LogFailures {
  private final List<Jail> jails;
  private final ZoneId zone;
  private final Instant now;
  private final Predicate<Instant> period;
  private final List<Found> found = new ArrayList<>();
  private final Map<String, Long> givenUp = new TreeMap<>();
  private long names;

  /** A failure and where it stands. */
  private record Found(ReplayFailure failure, long line) {}

  /**
   * @param zone of stamps that name none, unless the jail has a {@code logtimezone}
   * @param now what dates without a year are held against
   * @param period of when failures are kept
   */
  LogFailures(List<Jail> jails, ZoneId zone, Instant now, Predicate<Instant> period) {
    this.jails =
        jails.stream().filter(jail -> !jail.sources().filter().failregex().isEmpty()).toList();
    this.zone = zone;
    this.now = now;
    this.period = period;
  }

  /** Reads a host's log, each line once for all jails. */
  void read(String host, Path log) throws IOException {
    FilterSet filters = new FilterSet(jails.stream().map(this::matcher).toList());
    try (InputStream in = Lines.open(log)) {
      new Lines(in, log.toString())
          .forEach((buf, to) -> filters.scan(buf, 0, to, line -> look(host, line)));
    }
  }

  private void look(String host, LogLine line) {
    for (int i = 0; i < jails.size(); i++) {
      try {
        for (Match match : line.match(i, now)) {
          if (period.test(match.time())) {
            add(host, jails.get(i), match, line);
          }
        }
      } catch (TooManySteps e) {
        givenUp.merge("jail " + jails.get(i).name() + ": " + e.getMessage(), 1L, Long::sum);
      }
    }
  }

  private LineMatcher matcher(Jail jail) {
    ZoneId its = jail.sources().logtimezone().map(new Zone()::convert).orElse(zone);
    return LineMatcher.compile(
        jail.sources().filter(), new MatchSettings(its, jail.sources().logencoding()));
  }

  private void add(String host, Jail jail, Match match, LogLine line) {
    Optional<Address> address = Address.tryParse(match.host());
    if (address.isEmpty()) {
      names++;
      return;
    }
    String text =
        new String(line.buf(), line.from(), line.to() - line.from(), StandardCharsets.UTF_8);
    found.add(
        new Found(
            new ReplayFailure(jail.name(), address.get(), match.time(), host, match.user(), text),
            line.number()));
  }

  /** Failures left out because they name a host, not an address. */
  long names() {
    return names;
  }

  /** Lines in which nothing was found, by what took too long on them. */
  Map<String, Long> givenUp() {
    return givenUp;
  }

  /** By time; equal times by host name, then line. */
  List<ReplayFailure> inOrder() {
    return found.stream()
        .sorted(
            Comparator.comparing((Found f) -> f.failure().time())
                .thenComparing(f -> f.failure().host())
                .thenComparing(Found::line))
        .map(Found::failure)
        .toList();
  }
}
