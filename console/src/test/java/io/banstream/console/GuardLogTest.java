package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.schemas.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardLogTest {
  private static final Instant NOW = Samples.NOW;

  private final GuardLog log = new GuardLog();

  private static Alert alert(String host, String jail, int partition, int seconds) {
    return Samples.alert(host, jail, partition, NOW.plusSeconds(seconds));
  }

  @Test
  void whatThePartitionsTellOfOneHostIsOneTrip() {
    assertThat(log.add(alert("relay1", "sshd", 0, 0))).isPresent();
    assertThat(log.add(alert("relay1", "dovecot", 1, 5))).isEmpty();
    assertThat(log.add(alert("relay1", "sshd", 0, 3600))).isEmpty();
    assertThat(log.since(NOW.minusSeconds(1)))
        .singleElement()
        .satisfies(
            trip -> {
              assertThat(trip.since()).isEqualTo(NOW);
              assertThat(trip.latest()).isEqualTo(NOW.plusSeconds(3600));
              assertThat(trip.words())
                  .isEqualTo(
                      "relay1's word alone has made 500 bans on the other hosts within 1 h:"
                          + " further ones reach relay1 only (guard.bans of dovecot, sshd)");
            });
  }

  @Test
  void anotherHostsAndALaterOneAreTripsOfTheirOwn() {
    log.add(alert("relay1", "sshd", 0, 0));
    assertThat(log.add(alert("relay2", "sshd", 0, 1))).isPresent();
    assertThat(log.add(alert("relay1", "sshd", 0, 3600))).isPresent();
    assertThat(log.since(NOW)).extracting(GuardTrip::host).containsExactly("relay1", "relay2");
    assertThat(log.since(NOW.plus(Duration.ofHours(1)))).isEmpty();
  }

  @Test
  void whoIsKnownIsOneTripOfTheHostWithItsAddressesCounted() {
    assertThat(log.add(known("192.0.2.1", 0))).isPresent();
    assertThat(log.add(known("192.0.2.2", 5))).isEmpty();
    assertThat(log.add(known("192.0.2.2", 7))).isEmpty();
    assertThat(log.since(Instant.EPOCH))
        .singleElement()
        .satisfies(
            trip ->
                assertThat(trip.words())
                    .isEqualTo(
                        "who logs in is banned on relay1 only, which saw the failures:"
                            + " 192.0.2.2 and 1 more (known.days of sshd)"));
  }

  private static Alert known(String address, int second) {
    Instant time = NOW.plusSeconds(second);
    return new Alert(time, "known", "relay1", "sshd", address, 0, 0, 86_400_000L, 0);
  }

  @Test
  void anOpenNetworkIsATripOfItsOwn() {
    for (String network : List.of("198.51.100.0/24", "192.0.2.0/24")) {
      Alert open = new Alert(NOW, "subnet.allowed", "*", "sshd", network, 5, 5, 0L, 0);
      assertThat(log.add(open)).isPresent();
    }
    assertThat(log.since(Instant.EPOCH))
        .extracting(GuardTrip::words)
        .contains(
            "198.51.100.0/24 is not banned though 5 of its addresses are: something in it or around"
                + " it is allowed (subnet.allowed of sshd)");
  }

  @Test
  void whatIsSparedIsOneTripOfNoHost() {
    assertThat(log.add(of("guard.spare", "*", "192.0.2.1", 0, 86_400_000L))).isPresent();
    assertThat(log.add(of("guard.spare", "*", "198.51.100.1", 0, 86_400_000L))).isEmpty();
    assertThat(log.since(Instant.EPOCH))
        .extracting(GuardTrip::words)
        .containsExactly(
            "not banned, for the list spares it, though it failed often enough: 192.0.2.1 and 1"
                + " more (guard.spare of sshd)");
  }

  @Test
  void aClockAheadAndAFloodAreToldOfTheirHost() {
    log.add(of("clock", "relay1", "192.0.2.1", 7_200, 3_600_000L));
    log.add(of("flood", "relay1", "192.0.2.1", 51_000, 600_000L));
    assertThat(log.since(Instant.EPOCH))
        .extracting(GuardTrip::words)
        .containsExactlyInAnyOrder(
            "relay1's clock is ahead of the broker's by 2 h: what it tells of counts as of when it"
                + " came",
            "relay1 has sent 51000 failures within 10 min, a hundred times what is usual for it");
  }

  private static Alert of(String guard, String host, String address, int counted, long window) {
    return new Alert(NOW, guard, host, "sshd", address, counted, 0, window, 0);
  }

  @Test
  void theNewestAreKept() {
    for (int i = 0; i <= GuardLog.KEPT; i++) {
      log.add(alert("relay" + i, "sshd", 0, i));
    }
    List<GuardTrip> kept = log.since(Instant.EPOCH);
    assertThat(kept).hasSize(GuardLog.KEPT);
    assertThat(kept.get(kept.size() - 1).host()).isEqualTo("relay1");
  }
}
