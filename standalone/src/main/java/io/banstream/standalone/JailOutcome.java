package io.banstream.standalone;

import io.banstream.processor.ReplayDecision;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a policy comes to in one jail, or in all. */
final class JailOutcome {
  private final Map<Address, BeforeBan> free = new HashMap<>();
  private final Set<Address> banned = new HashSet<>();
  private long ignored;
  private long failures;
  private long stopped;
  private long bans;
  private long forEver;
  private long failuresToBan;
  private Duration timeToBan = Duration.ZERO;
  private Duration time = Duration.ZERO;

  /** An address before its first ban. */
  private record BeforeBan(Instant since, long failures) {}

  /** Its address is in ignoreip. */
  void ignored() {
    ignored++;
  }

  /**
   * A failure that counts, or would.
   *
   * @param held whether the address was banned then, so the firewall would have stopped it
   */
  void failure(Address address, Instant at, boolean held) {
    failures++;
    stopped += held ? 1 : 0;
    if (!banned.contains(address)) {
      free.merge(address, new BeforeBan(at, 1), (b, one) -> new BeforeBan(b.since, b.failures + 1));
    }
  }

  void ban(ReplayDecision ban) {
    bans++;
    if (ban.until().isPresent()) {
      time = time.plus(Duration.between(ban.from(), ban.until().get()));
    } else {
      forEver++;
    }
    if (ban.network()) {
      return; // its addresses are counted one by one
    }
    BeforeBan before = free.remove(ban.address());
    if (banned.add(ban.address()) && before != null) {
      failuresToBan += before.failures;
      timeToBan = timeToBan.plus(Duration.between(before.since, ban.from()));
    }
  }

  /** Failures of addresses in ignoreip. */
  long ignoredFailures() {
    return ignored;
  }

  /** All others. */
  long failures() {
    return failures;
  }

  /** Those that no ban would have stopped. */
  long through() {
    return failures - stopped;
  }

  long bans() {
    return bans;
  }

  Set<Address> banned() {
    return Set.copyOf(banned);
  }

  /** Failures of an address until it was banned for the first time; the mean, 0 without a ban. */
  double failuresToBan() {
    return banned.isEmpty() ? 0 : (double) failuresToBan / banned.size();
  }

  /** From an address's first failure to its first ban; the mean, 0 without a ban. */
  Duration timeToBan() {
    return banned.isEmpty() ? Duration.ZERO : timeToBan.dividedBy(banned.size());
  }

  /** All bans' lengths together, those for ever left out. */
  Duration time() {
    return time;
  }

  long forEver() {
    return forEver;
  }
}
