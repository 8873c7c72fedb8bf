package io.banstream.standalone;

import io.banstream.jails.Jail;
import io.banstream.jails.LineMatcher;
import io.banstream.jails.Match;
import io.banstream.jails.MatchSettings;
import io.banstream.processor.ReplayFailure;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The failures that jails see in the logs of several hosts, merged by time. */
final class LogFailures {
  private final List<Jail> jails;
  private final ZoneId zone;
  private final Instant now;
  private final List<Found> found = new ArrayList<>();
  private long names;

  /** A failure and where it stands. */
  private record Found(ReplayFailure failure, long line) {}

  /**
   * @param zone of stamps that name none, unless the jail has a {@code logtimezone}
   * @param now what dates without a year are held against
   */
  LogFailures(List<Jail> jails, ZoneId zone, Instant now) {
    this.jails = jails.stream().filter(jail -> !jail.isRecidive()).toList();
    this.zone = zone;
    this.now = now;
  }

  /** Reads a host's log, each line once for each jail. */
  void read(String host, Path log) throws IOException {
    Map<Jail, LineMatcher> matchers = new LinkedHashMap<>();
    for (Jail jail : jails) {
      matchers.put(jail, matcher(jail));
    }
    try (InputStream in = Files.newInputStream(log)) {
      new Lines(in)
          .forEach(
              (buffer, from, to, number) ->
                  matchers.forEach(
                      (jail, matcher) -> {
                        for (Match match : matcher.match(buffer, from, to, now)) {
                          String line = new String(buffer, from, to - from, StandardCharsets.UTF_8);
                          add(host, jail, match, line, number);
                        }
                      }));
    }
  }

  private LineMatcher matcher(Jail jail) {
    ZoneId its = jail.sources().logtimezone().map(new Zone()::convert).orElse(zone);
    return LineMatcher.compile(
        jail.sources().filter(), new MatchSettings(its, jail.sources().logencoding()));
  }

  private void add(String host, Jail jail, Match match, String line, long number) {
    Optional<Address> address = Address.tryParse(match.host());
    if (address.isEmpty()) {
      names++;
      return;
    }
    found.add(
        new Found(
            new ReplayFailure(jail.name(), address.get(), match.time(), host, match.user(), line),
            number));
  }

  /** Failures left out because they name a host, not an address. */
  long names() {
    return names;
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
