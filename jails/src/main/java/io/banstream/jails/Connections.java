package io.banstream.jails;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Lines that belong together by their {@code <F-MLFID>}: what one said of a connection (its
 * address, its user) is known at the next.
 *
 * <p>Known for five minutes, and of the last thousand connections: so a log can't fill the memory.
 */
final class Connections {
  private static final int MOST = 1000;
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static final class Connection {
    final Instant since;
    final Map<String, String> groups = new TreeMap<>();
    final Set<String> users = new HashSet<>();

    /** A failure was seen before the address was. */
    boolean pending;

    Connection(Instant since) {
      this.since = since;
    }
  }

  private final Map<String, Connection> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Connection> eldest) {
          return size() > MOST;
        }
      };

  /**
   * The groups of a match with what is known of its connection. {@code nofail} is in them where it
   * is no failure: a helping line, or a login that succeeded without another user having been
   * tried.
   *
   * @param groups with {@code mlfid}
   */
  Map<String, String> merge(Map<String, String> groups, Instant now) {
    String id = groups.get("mlfid");
    boolean gained = present(groups, "mlfgained");
    boolean forget = present(groups, "mlfforget");
    groups.remove("mlfforget");
    if (gained) {
      groups.putIfAbsent("nofail", groups.get("mlfgained"));
    }
    Connection connection = known.get(id);
    if (connection != null && !connection.since.plus(LONGEST).isAfter(now)) {
      known.remove(id);
      connection = null;
    }
    if (connection == null) {
      connection = new Connection(now);
      if (!forget) {
        known.remove(id);
        known.put(id, connection);
      }
    } else if (forget) {
      known.remove(id);
    }
    if (gained) {
      connection.pending = false;
    }
    connection.groups.keySet().removeAll(Set.of("nofail", "mlfgained"));
    connection.groups.putAll(groups);
    if (present(groups, "user")) {
      connection.users.add(groups.get("user"));
    }
    // Who tries several users is not cleared by one of them getting in.
    if (connection.pending || connection.users.size() > 1) {
      connection.groups.keySet().removeAll(Set.of("nofail", "mlfgained"));
    }
    connection.pending = false;
    return new TreeMap<>(connection.groups);
  }

  /** A failure of this connection whose address is still to come. */
  void pending(String id) {
    Connection connection = known.get(id);
    if (connection != null) {
      connection.pending = true;
    }
  }

  private static boolean present(Map<String, String> groups, String name) {
    return !groups.getOrDefault(name, "").isEmpty();
  }
}
