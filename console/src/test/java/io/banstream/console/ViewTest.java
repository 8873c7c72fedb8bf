package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.schemas.Address;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ViewTest {
  private static final Instant NOW = Samples.NOW;
  private final View view = new View();

  private void put(Decision d) {
    view.putDecision(DecisionKey.of(d), d);
  }

  private List<String> banned(Instant now) {
    return view.bans(now, d -> true).stream().map(Decision::getAddress).toList();
  }

  @Test
  void aBanIsInForceUntilItsEndAndNotAtIt() {
    put(Samples.ban("192.0.2.1", "sshd", NOW, Duration.ofSeconds(10)));
    assertThat(banned(NOW.plusMillis(9_999))).containsExactly("192.0.2.1");
    assertThat(banned(NOW.plusSeconds(10))).isEmpty();
  }

  @Test
  void anUnbanAndATombstoneEndIt() {
    put(Samples.ban("192.0.2.1", "sshd", NOW, Duration.ofHours(1)));
    put(Samples.ban("192.0.2.2", "sshd", NOW, Duration.ofHours(1)));
    put(Samples.unban("192.0.2.1", "sshd", NOW.plusSeconds(1)));
    view.putDecision(DecisionKey.parse("192.0.2.2 sshd *"), null);
    assertThat(banned(NOW.plusSeconds(2))).isEmpty();
    assertThat(view.decisionsAbout(Address.parse("192.0.2.2"))).isEmpty();
  }

  @Test
  void anAddressFindsTheBannedNetworkAroundIt() {
    put(Samples.ban("2001:db8:1::/64", "sshd", NOW, Duration.ofHours(1)));
    put(Samples.ban("2001:db8:2::/64", "sshd", NOW, Duration.ofHours(1)));
    assertThat(view.bannedAddresses(Address.parse("2001:db8:1::9"), Optional.empty(), NOW))
        .containsExactly(Address.parse("2001:db8:1::/64"));
    assertThat(view.bannedAddresses(Address.parse("2001:db8::/32"), Optional.of("sshd"), NOW))
        .hasSize(2);
    assertThat(view.bannedAddresses(Address.parse("2001:db8:1::9"), Optional.of("dovecot"), NOW))
        .isEmpty();
  }

  @Test
  void figuresAreSummedOverPartitions() {
    view.putTotals("0 sshd *", totals(0, "*", 10, 3, null), true, NOW);
    view.putTotals("1 sshd *", totals(1, "*", 5, 2, null), true, NOW);
    view.putTotals("1 sshd relay1", totals(1, "relay1", 5, 2, null), true, NOW);
    Figures all = view.figures("sshd", "*", NOW);
    assertThat(all.failed()).isEqualTo(15);
    assertThat(all.failing()).isEqualTo(5);
    assertThat(view.figures("sshd", "relay1", NOW).failed()).isEqualTo(5);
  }

  @Test
  void windowsThatEmptiedByThemselvesNoLongerCountAsFailing() {
    view.putTotals("0 sshd *", totals(0, "*", 10, 3, NOW.plusSeconds(60)), true, NOW);
    assertThat(view.figures("sshd", "*", NOW.plusSeconds(59)).failing()).isEqualTo(3);
    assertThat(view.figures("sshd", "*", NOW.plusSeconds(60)).failing()).isZero();
  }

  @Test
  void onlyGrowthThatIsNewsCountsForTheRate() {
    view.putTotals("0 sshd *", totals(0, "*", 1_000, 0, null), false, NOW);
    view.putTotals("0 sshd *", totals(0, "*", 1_007, 0, null), true, NOW);
    view.putTotals("0 sshd relay1", totals(0, "relay1", 1_007, 0, null), true, NOW);
    assertThat(view.failuresPerSecond(3, NOW.plusSeconds(2))).containsExactly(0, 7, 0);
    assertThat(Arrays.stream(view.failuresPerSecond(200, NOW.plusSeconds(900))).sum()).isZero();
  }

  @Test
  void offendersAreThoseBannedTwiceRecidivesOwnBansLeftOut() {
    for (int i = 0; i < 3; i++) {
      prove("192.0.2.1", "sshd", i);
    }
    prove("192.0.2.1", "recidive", 3);
    prove("192.0.2.2", "sshd", 4);
    prove("192.0.2.3", "sshd", 5);
    prove("192.0.2.3", "recidive", 6);
    List<Offender> offenders = view.offenders(10, NOW);
    assertThat(offenders).hasSize(1);
    assertThat(offenders.get(0).address()).isEqualTo(Address.parse("192.0.2.1"));
    assertThat(offenders.get(0).bans()).isEqualTo(3);
    assertThat(offenders.get(0).banned()).isFalse();
  }

  private void prove(String address, String jail, int seconds) {
    Decision d = Samples.ban(address, jail, NOW.plusSeconds(seconds), Duration.ofHours(1));
    view.putEvidence(Samples.evidence(d, "bob", "relay1"));
  }

  @Test
  void anAllowCoversWhatLiesInItUntilItEnds() {
    view.putAllow(
        "office.example.com",
        new AllowRecord(
            "office.example.com",
            List.of("198.51.100.0/24"),
            NOW,
            NOW.plusSeconds(60),
            "root",
            null));
    Address inside = Address.parse("198.51.100.7");
    assertThat(view.allowsOf(inside, NOW)).hasSize(1);
    assertThat(view.allowsOf(inside, NOW.plusSeconds(60))).isEmpty();
    assertThat(view.allowsOf(Address.parse("192.0.2.7"), NOW)).isEmpty();
  }

  private static Totals totals(
      int partition, String host, long failed, long failing, Instant failingUntil) {
    return new Totals(partition, "sshd", host, failed, failing, failingUntil, 0L, 0L, 0L, 0L, 0L);
  }
}
