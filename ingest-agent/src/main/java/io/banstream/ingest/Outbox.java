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
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the failures of one source into attempts and sends them in the order of their positions. A
 * host name in place of an address holds up what comes after it, for a short while: each of its
 * addresses is an attempt, as fail2ban bans each.
 */
final class Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

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

  private record Pending(
      Jail jail,
      CompletableFuture<List<Address>> addresses,
      Instant deadline,
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
              Outcome.FAILURE,
              jail.name(),
              "",
              around.host(),
              Instant.ofEpochMilli(match.time().toEpochMilli()),
              new Position(around.incarnation(), source, generation, offset, i * ADDRESSES),
              match.user().map(LogText::user).orElse(null),
              line);
      Optional<Address> address = Address.tryParse(match.host());
      if (address.isPresent() && pending.isEmpty()) {
        send(jail, address.get(), template);
      } else if (address.isPresent()) {
        queue(jail, CompletableFuture.completedFuture(List.of(address.get())), template);
      } else {
        byName(jail, match.host(), template);
      }
    }
    drain();
  }

  private void byName(Jail jail, String name, Attempt template) {
    UseDns use = jail.sources().usedns();
    if (use == UseDns.WARN && !toldOfNames) {
      toldOfNames = true;
      LOG.warn("{}: jail {} finds host names where addresses belong", source, jail.name());
    }
    if (use == UseDns.NO || use == UseDns.RAW || !NAME.matcher(name).matches()) {
      ignored++;
    } else {
      queue(jail, around.names().resolve(name), template);
    }
  }

  private void queue(Jail jail, CompletableFuture<List<Address>> addresses, Attempt template) {
    Instant deadline = around.clock().instant().plus(WAIT);
    pending.add(new Pending(jail, addresses, deadline, template, around.shipper().begin()));
  }

  /**
   * Sends what can be sent.
   *
   * @return whether nothing waits any more: only then is the source to be read on
   */
  boolean drain() {
    while (!pending.isEmpty()) {
      Pending first = pending.peek();
      if (!first.addresses.isDone() && around.clock().instant().isBefore(first.deadline)) {
        return false;
      }
      List<Address> addresses = first.addresses.getNow(List.of());
      if (addresses.isEmpty()) {
        ignored++;
      }
      int ordinal = first.template.getPosition().getOrdinal();
      for (int i = 0; i < Math.min(addresses.size(), ADDRESSES); i++) {
        Attempt attempt = Attempt.newBuilder(first.template).build();
        attempt.getPosition().setOrdinal(ordinal + i);
        send(first.jail, addresses.get(i), attempt);
      }
      first.epoch.done();
      pending.remove();
    }
    return true;
  }

  private void send(Jail jail, Address address, Attempt attempt) {
    if (jail.sources().ignoreself() && around.own().test(address)) {
      ignored++;
      return;
    }
    attempt.setAddress(address.toString());
    String counted = address.counted(jail.policy().ipv6prefix()).toString();
    around.shipper().attempt(attempt, counted, around.shipper().begin());
    sent++;
  }
}
