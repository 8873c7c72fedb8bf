package io.banstream.console;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells of an address that reaches the limit of names, and of a name that reaches that of
 * addresses: of each once a day, of at most {@link #HOURLY} an hour, so that an attack of many
 * floods nobody. One thread's.
 */
final class UserNews {
  static final int HOURLY = 20;

  private static final Duration AGAIN = Duration.ofDays(1);
  private static final int KEPT = 1_000;

  private final UserLimits limits;
  private final Consumer<String> out;
  private final Map<String, Instant> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > KEPT;
        }
      };
  private Instant hour = Instant.MIN;
  private int toldInHour;

  UserNews(UserLimits limits, Consumer<String> out) {
    this.limits = limits;
    this.out = out;
  }

  /**
   * @param counts what a failure of these came to; empty: nothing new
   */
  void heard(String address, String user, Optional<UserTries.Counts> counts, Instant now) {
    counts.ifPresent(
        c -> {
          if (c.names() == limits.names()) {
            tell(address + " has tried " + c.names() + " user names", now);
          }
          if (c.addresses() == limits.addresses()) {
            tell(Plain.text(user) + " was tried from " + c.addresses() + " addresses", now);
          }
        });
  }

  private void tell(String what, Instant now) {
    Instant before = told.get(what);
    if (before != null && now.isBefore(before.plus(AGAIN))) {
      return;
    }
    if (!now.isBefore(hour.equals(Instant.MIN) ? now : hour.plus(Duration.ofHours(1)))) {
      hour = now;
      toldInHour = 0;
    }
    if (toldInHour < HOURLY) {
      told.put(what, now);
      toldInHour++;
      String more = toldInHour == HOURLY ? "; of more within the hour only 'users' tells" : "";
      out.accept("Users: " + what + " within 1 h" + more);
    }
  }
}
