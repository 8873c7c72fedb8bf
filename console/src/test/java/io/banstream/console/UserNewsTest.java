package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.console.UserTries.Counts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UserNewsTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  private final List<String> told = new ArrayList<>();
  private final UserNews news = new UserNews(new UserLimits(3, 2), told::add);

  private void heard(String address, String user, int names, int addresses, long second) {
    news.heard(address, user, Optional.of(new Counts(names, addresses)), NOON.plusSeconds(second));
  }

  @Test
  void whoReachesALimitIsToldOfOnceADay() {
    heard("192.0.2.1", "alice", 2, 1, 0);
    heard("192.0.2.1", "al\u001bice", 3, 2, 1);
    heard("192.0.2.1", "carol", 4, 1, 2);
    news.heard("192.0.2.1", "carol", Optional.empty(), NOON);
    assertThat(told)
        .containsExactly(
            "Users: 192.0.2.1 has tried 3 user names within 1 h",
            "Users: al\uFFFDice was tried from 2 addresses within 1 h");
    heard("192.0.2.1", "alice", 3, 1, 86_400);
    assertThat(told).hasSize(2);
    heard("192.0.2.1", "alice", 3, 1, 86_401);
    assertThat(told).hasSize(3);
  }

  @Test
  void anAttackOfManyIsToldOfTwentyTimesAnHour() {
    for (int i = 0; i < 50; i++) {
      heard("192.0.2." + i, "alice", 3, 1, i);
    }
    assertThat(told).hasSize(UserNews.HOURLY);
    assertThat(told.get(19)).endsWith("; of more within the hour only 'users' tells");
    heard("192.0.2.99", "alice", 3, 1, 3600);
    assertThat(told).hasSize(UserNews.HOURLY + 1);
  }
}
