package io.banstream.ingest;

import io.banstream.jails.Jail;
import io.banstream.jails.Match;
import io.banstream.jails.Sources.UseDns;
import io.banstream.schemas.Address;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the logins of one source into attempts and sends them in the order of their positions. A
 * host name in place of an address, or a command that is asked, holds up what comes after it, for a
 * short while. Each of a name's addresses is an attempt, as fail2ban bans each.
 */
final class Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  /** Logins that wait, at most, while the source is read on. */
  private static final int MOST_PENDING = 8;

  /** Longest wait for a name. */
  private static final Duration WAIT = Duration.ofSeconds(2);

  /** Ordinals that a match has for the addresses of its name; so they are the same read again. */
  private static final int ADDRESSES = 16;

  /** What the resolver may be asked: its own parser would take 127.1 and 1 for addresses. */
  private static final Pattern NAME =
      Pattern.compile("([A-Za-z0-9_-]{1,63}\\.){0,9}[A-Za-z][A-Za-z0-9-]{0,62}\\.?");

  private final Surroundings around;
  private final String source;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private long sent;
  private long ignored;
  private boolean toldOfNames;

  /**
   * A login that waits.
   *
   * @param found what its host stands for
   * @param kept those of them that are not ignored
   */
  private record Pending(
      Jail jail,
      CompletableFuture<List<Address>> found,
      CompletableFuture<List<Address>> kept,
      Attempt template,
      Epoch epoch) {}

  Outbox(Surroundings around, String source) {
    this.around = around;
    this.source = source;
  }

  long sent() {
    return sent;
  }

  long ignored() {
    return ignored;
  }

  /**
   * @param matches of one line, never empty
   * @param line as it is to be sent
   */
  void add(Jail jail, long generation, long offset, List<Match> matches, String line) {
    for (int i = 0; i < matches.size(); i++) {
      Match match = matches.get(i);
      Attempt template =
          new Attempt(
              match.succeeded() ? Outcome.SUCCESS : Outcome.FAILURE,
              jail.name(),
              "",
              around.host(),
              Instant.ofEpochMilli(match.time().toEpochMilli()),
              new Position(around.incarnation(), source, generation, offset, i * ADDRESSES),
              match.user().map(LogText::user).orElse(null),
              line);
      addresses(jail, match.host())
          .ifPresentOrElse(
              found -> queue(jail, found, match, template),
              () -> ignored += match.succeeded() ? 0 : 1);
    }
    drain();
  }

  /** What a host stands for; empty for a name that is not to be asked for. */
  private Optional<CompletableFuture<List<Address>>> addresses(Jail jail, String host) {
    Optional<Address> address = Address.tryParse(host);
    if (address.isPresent()) {
      return Optional.of(CompletableFuture.completedFuture(List.of(address.get())));
    }
    UseDns use = jail.sources().usedns();
    if (use == UseDns.WARN && !toldOfNames) {
      toldOfNames = true;
      LOG.warn("{}: jail {} finds host names where addresses belong", source, jail.name());
    }
    if (use == UseDns.NO || use == UseDns.RAW || !NAME.matcher(host).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        around
            .names()
            .resolve(host)
            .copy()
            .completeOnTimeout(List.of(), WAIT.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void queue(
      Jail jail, CompletableFuture<List<Address>> found, Match match, Attempt template) {
    CompletableFuture<List<Address>> kept =
        match.succeeded()
            ? found.thenApply(all -> around.ignoring().strangers(jail, all))
            : found.thenCompose(all -> around.ignoring().keep(jail, all, match.user()));
    pending.add(new Pending(jail, found, kept, template, around.shipper().begin()));
  }

  /**
   * Sends what can be sent.
   *
   * @return whether the source is to be read on
   */
  boolean drain() {
    while (!pending.isEmpty() && pending.peek().kept.isDone()) {
      Pending first = pending.remove();
      List<Address> kept = first.kept.join();
      if (isFailure(first.template)) {
        ignored += Math.max(1, first.found.join().size()) - kept.size();
      }
      int ordinal = first.template.getPosition().getOrdinal();
      for (int i = 0; i < Math.min(kept.size(), ADDRESSES); i++) {
        Attempt attempt = Attempt.newBuilder(first.template).build();
        attempt.getPosition().setOrdinal(ordinal + i);
        send(first, kept.get(i), attempt);
      }
      first.epoch.done();
    }
    return pending.size() < MOST_PENDING;
  }

  /** Whether nothing waits. */
  boolean isEmpty() {
    return pending.isEmpty();
  }

  /** In the epoch in which it was found: the position saved then is past it. */
  private void send(Pending from, Address address, Attempt attempt) {
    attempt.setAddress(address.toString());
    String counted = address.counted(from.jail.policy().ipv6prefix()).toString();
    from.epoch.begun();
    around.shipper().attempt(attempt, counted, from.epoch);
    if (isFailure(attempt)) {
      around.successes().failed(from.jail, address);
      sent++;
    }
  }

  private static boolean isFailure(Attempt attempt) {
    return attempt.getOutcome() == Outcome.FAILURE;
  }
}
