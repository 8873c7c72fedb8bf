package io.banstream.console;

import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Enforcement;
import io.banstream.schemas.SourceStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The view in Prometheus' text. Labels are names of jails and hosts only, and only so many: what
 * comes from logs (addresses, users) never becomes one.
 */
final class Metrics {
  /** Names of jails, and of hosts, that get series of their own. */
  static final int NAMES = 200;

  private static final String NAME = "[A-Za-z0-9_.:-]{1,64}";

  private final View view;
  private final Feed feed;
  private final LiveEvents events;

  Metrics(View view, Feed feed, LiveEvents events) {
    this.view = view;
    this.feed = feed;
    this.events = events;
  }

  /** A registry for each scrape: what is gone from the view is gone from the metrics. */
  String scrape(Instant now) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try {
      jails(registry, now);
      hosts(registry, now);
      Gauge.builder("banstream.console.up", feed, f -> f.check().isEmpty() ? 1 : 0)
          .description("1 while the console follows the topics")
          .register(registry);
      Gauge.builder("banstream.console.pages", events, LiveEvents::pages)
          .description("Pages open now")
          .register(registry);
      gauge(
          registry,
          "banstream.guard.trips",
          "Guards that tripped in the last day",
          Tags.empty(),
          view.guardTrips(now.minus(Duration.ofDays(1))).size());
      counter(registry, "banstream.console.unreadable", "", Tags.empty(), feed.unreadable());
      gauge(
          registry,
          "banstream.dead.letters",
          "Records in the topic dead-letters",
          Tags.empty(),
          view.deadLettersInAll());
      return registry.scrape();
    } finally {
      registry.close();
    }
  }

  private void jails(PrometheusMeterRegistry registry, Instant now) {
    Map<String, Long> banned = view.banned(now, d -> true);
    for (String jail : names(view.jailNames(now))) {
      Tags tags = Tags.of("jail", jail);
      Figures f = view.figures(jail, DecisionKey.FLEET, now);
      gauge(
          registry,
          "banstream.bans.in.force",
          "Bans in force",
          tags,
          banned.getOrDefault(jail, 0L));
      gauge(registry, "banstream.failing", "Addresses with failures, no ban", tags, f.failing());
      counter(registry, "banstream.failures", "Failures counted", tags, f.failed());
      counter(registry, "banstream.bans", "Bans decided", tags, f.banned());
      counter(registry, "banstream.bans.past", "Bans over when decided", tags, f.past());
      counter(registry, "banstream.failures.ignored", "Failures ignored", tags, f.ignored());
      counter(registry, "banstream.failures.late", "Failures too old", tags, f.late());
      counter(registry, "banstream.failures.repeated", "Came twice, dropped", tags, f.repeated());
    }
  }

  private void hosts(PrometheusMeterRegistry registry, Instant now) {
    Set<String> hosts = names(view.hostNames());
    for (HostBeat b : view.beats()) {
      if (hosts.contains(b.beat().getHost())) {
        Tags tags = Tags.of("host", b.beat().getHost(), "role", role(b.beat().getRole()));
        gauge(
            registry,
            "banstream.agent.heartbeat.age.seconds",
            "Since an agent's last sign of life",
            tags,
            b.age(now).toSeconds());
        gauge(
            registry,
            "banstream.agent.trouble",
            "1: something is wrong with the agent",
            tags,
            b.trouble(now).isPresent() ? 1 : 0);
        gauge(
            registry,
            "banstream.agent.lag.bytes",
            "Log bytes not yet read",
            tags,
            sum(b, s -> Math.max(0, s.getLag())));
        counter(
            registry, "banstream.agent.lines", "Lines read", tags, sum(b, SourceStatus::getLines));
      }
    }
    for (Enforcement e : view.enforcements()) {
      if (hosts.contains(e.getHost()) && e.getJail().matches(NAME)) {
        Tags tags = Tags.of("host", e.getHost(), "jail", e.getJail());
        gauge(registry, "banstream.kernel.entries", "Entries in sets", tags, e.getEntries());
        counter(registry, "banstream.kernel.refused", "Refused entries", tags, e.getFailed());
        counter(registry, "banstream.kernel.mended", "Entries put right", tags, e.getMended());
      }
    }
  }

  private static long sum(HostBeat b, ToLongFunction<SourceStatus> value) {
    return b.beat().getSources().stream().mapToLong(value).sum();
  }

  private static String role(String role) {
    return role.equals("ingest") || role.equals("enforce") ? role : "other";
  }

  private static Set<String> names(Collection<String> names) {
    Stream<String> fit = names.stream().filter(n -> n.matches(NAME)).limit(NAMES);
    return fit.collect(Collectors.toUnmodifiableSet());
  }

  private static void gauge(
      PrometheusMeterRegistry registry, String name, String help, Tags tags, long value) {
    Gauge.builder(name, () -> value).description(help).tags(tags).register(registry);
  }

  private static void counter(
      PrometheusMeterRegistry registry, String name, String help, Tags tags, long value) {
    FunctionCounter.builder(name, value, Long::doubleValue)
        .description(help)
        .tags(tags)
        .register(registry);
  }
}
