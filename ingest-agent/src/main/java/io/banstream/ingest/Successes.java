package io.banstream.ingest;

import io.banstream.jails.Jail;
import io.banstream.jails.Match;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which logins that succeeded are sent: of a jail, user and address one an hour of the log's time,
 * and where the jail forgives, one after each failure that was sent since the last. What is
 * remembered is bounded; what is forgotten, or was before a start, is sent once more. The reading
 * thread's alone.
 */
final class Successes {
  static final Duration BETWEEN = Duration.ofHours(1);

  /** Logins remembered, and addresses with a failure: some 200 bytes each. */
  static final int KEPT = 4_096;

  private final Map<Login, Instant> sent = newest();
  private final Map<Failing, Boolean> failing = newest();

  private record Login(String jail, String address, Optional<String> user) {}

  private record Failing(String jail, String address) {}

  private static <K, V> Map<K, V> newest() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > KEPT;
      }
    };
  }

  /** Of what a line has, what is to be sent; the successes of it count as sent. */
  List<Match> wanted(Jail jail, List<Match> found) {
    boolean succeeded = !found.isEmpty() && found.get(0).succeeded(); // then it is the only one
    return succeeded && !isWanted(jail, found.get(0)) ? List.of() : found;
  }

  private boolean isWanted(Jail jail, Match success) {
    String address = Address.tryParse(success.host()).map(Address::toString).orElse(success.host());
    Login login = new Login(jail.name(), address, success.user());
    Instant last = sent.get(login);
    boolean failed = failing.remove(new Failing(jail.name(), address)) != null;
    boolean lately =
        last != null && Duration.between(last, success.time()).abs().compareTo(BETWEEN) < 0;
    if (lately && !failed) {
      return false;
    }
    sent.put(login, success.time());
    return true;
  }

  /** A failure was sent. */
  void failed(Jail jail, Address address) {
    if (jail.policy().trust().forgive()) {
      failing.put(new Failing(jail.name(), address.toString()), true);
    }
  }
}
