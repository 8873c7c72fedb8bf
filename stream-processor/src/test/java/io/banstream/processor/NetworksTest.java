package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Guard;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Policy.Subnet;
import io.banstream.schemas.Address;
import io.banstream.schemas.Alert;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Decision;
import io.banstream.schemas.EvidenceFailure;
import io.banstream.schemas.NetworkNote;
import io.banstream.schemas.UnbanOrder;
import io.banstream.schemas.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * {@code subnet.maxbans}, with a task's notes coming back to it as where there is one partition.
 */
class NetworksTest {
  private static final String NETWORK = "198.51.100.0/24";

  private final Driven driven = new Driven();

  @AfterEach
  void close() {
    driven.close();
  }

  /** One failure bans for an hour; three banned addresses ban their network. */
  private static Policy policy(Scope scope, String... ignoreip) {
    return new Policy(
        Duration.ofMinutes(10),
        Optional.of(Duration.ofHours(1)),
        1,
        List.of(ignoreip).stream().map(Address::parse).toList(),
        scope,
        128,
        Increment.OFF,
        Duration.ofDays(1),
        Guard.OFF,
        Optional.empty(),
        Optional.empty(),
        Policy.Trust.OFF,
        Optional.of(new Subnet(3, 24, 64)),
        0);
  }

  private static Instant at(long second) {
    return Driven.NOON.plusSeconds(second);
  }

  private void sasl(String... ignoreip) {
    driven.policies(Map.of("sasl", policy(Scope.FLEET, ignoreip)));
  }

  private void fail(long second, int... addresses) {
    for (int address : addresses) {
      driven.fail("sasl", "198.51.100." + address, "relay1", at(second));
    }
  }

  /** What was decided of the network, since it was last asked. */
  private List<Decision> ofNetwork() {
    return driven.decisions.readValuesToList().stream()
        .filter(d -> d.getAddress().equals(NETWORK))
        .toList();
  }

  private static Decision decision(Verdict verdict, long from, long until, int nth, int behind) {
    return new Decision(
        verdict, "sasl", NETWORK, "*", at(from), at(until), nth, behind, 1L, false, true);
  }

  @Test
  void soManyBannedAddressesBanTheirNetwork() {
    sasl();
    fail(0, 1);
    fail(10, 2, 2);
    assertThat(ofNetwork()).isEmpty();
    fail(20, 3);
    assertThat(ofNetwork()).containsExactly(decision(Verdict.BAN, 20, 3620, 1, 3));
    assertThat(driven.evidence.readValuesToList())
        .filteredOn(e -> e.getAddress().equals(NETWORK))
        .singleElement()
        .satisfies(
            e ->
                assertThat(e.getFailures())
                    .containsExactly(
                        new EvidenceFailure(at(0), "", null, "198.51.100.1", null),
                        new EvidenceFailure(at(10), "", null, "198.51.100.2", null),
                        new EvidenceFailure(at(20), "", null, "198.51.100.3", null)));
    assertThat(driven.totals().get("0 sasl *").getBanned()).isEqualTo(4);
  }

  @Test
  void aBanThatIsOverOrLiftedCountsNoMore() {
    sasl();
    fail(0, 1);
    fail(1800, 2);
    driven.unban("198.51.100.2", at(1900));
    fail(3600, 3, 4);
    assertThat(ofNetwork()).isEmpty();
    fail(3601, 5);
    assertThat(ofNetwork()).containsExactly(decision(Verdict.BAN, 3601, 7201, 1, 3));
  }

  @Test
  void whileItsBanHoldsItIsNotBannedAgainAndAfterItIsASecondTime() {
    sasl();
    fail(0, 1, 2, 3);
    fail(10, 4, 5);
    assertThat(ofNetwork()).hasSize(1);
    fail(3605, 6);
    assertThat(ofNetwork()).containsExactly(decision(Verdict.BAN, 3605, 7205, 2, 3));
  }

  @Test
  void neverOverWhatIsAllowedWhichIsToldOnce() {
    sasl();
    driven.allow("198.51.100.200", null, at(0));
    fail(10, 1, 2, 3, 4);
    assertThat(ofNetwork()).isEmpty();
    assertThat(driven.alerts.readValuesToList())
        .containsExactly(new Alert(at(10), "subnet.allowed", "*", "sasl", NETWORK, 3, 3, 0L, 0));
  }

  @Test
  void neverOverWhatTheJailIgnores() {
    sasl("198.51.100.128/25");
    fail(10, 1, 2, 3);
    assertThat(ofNetwork()).isEmpty();
    assertThat(driven.alerts.readValuesToList()).hasSize(1);
  }

  @Test
  void aLaterAllowWithinLiftsItsBanAndLeavesAnOperatorsOwn() {
    sasl();
    fail(0, 1, 2, 3);
    driven.ban(NETWORK, "manual", null, at(5));
    ofNetwork();
    driven.allow("198.51.100.200", null, at(10));
    assertThat(ofNetwork()).containsExactly(decision(Verdict.UNBAN, 10, 10, 1, 0));
  }

  @Test
  void unbanningItCountsItsAddressesAnew() {
    sasl();
    fail(0, 1, 2, 3);
    ofNetwork();
    driven.unban(NETWORK, at(10));
    assertThat(ofNetwork()).containsExactly(decision(Verdict.UNBAN, 10, 10, 1, 0));
    fail(20, 4, 5);
    assertThat(ofNetwork()).isEmpty();
    fail(30, 6);
    assertThat(ofNetwork()).hasSize(1);
  }

  @Test
  void bansOfOneHostAndAnOperatorsDoNotCount() {
    driven.policies(Map.of("sasl", policy(Scope.FLEET), "sshd", policy(Scope.HOST)));
    for (int i = 1; i <= 3; i++) {
      driven.fail("sshd", "198.51.100." + i, "relay1", at(0));
      driven.ban("198.51.100." + i, "sasl", null, at(0));
    }
    assertThat(ofNetwork()).isEmpty();
  }

  @Test
  void noJailCountsIt() {
    Policy recidive =
        new Policy(
            Duration.ofDays(1),
            Optional.of(Duration.ofHours(1)),
            1,
            List.of(),
            Scope.FLEET,
            128,
            Increment.OFF,
            Duration.ofDays(1),
            Guard.OFF,
            Optional.empty(),
            Optional.of(Set.of()),
            Policy.Trust.OFF,
            Optional.empty(),
            0);
    driven.policies(Map.of("sasl", policy(Scope.FLEET), "recidive", recidive));
    fail(0, 1, 2, 3);
    assertThat(driven.decisions.readValuesToList())
        .filteredOn(d -> d.getJail().equals("recidive"))
        .extracting(Decision::getAddress)
        .containsExactly("198.51.100.1", "198.51.100.2", "198.51.100.3");
  }

  @Test
  void aWithdrawnJailsNetworkIsFreeAndItsAddressesAreCountedAnew() {
    sasl();
    fail(0, 1, 2, 3);
    ofNetwork();
    driven.policies(Map.of());
    assertThat(ofNetwork()).extracting(Decision::getVerdict).containsExactly(Verdict.UNBAN);
    sasl();
    fail(20, 4, 5);
    assertThat(ofNetwork()).isEmpty();
  }

  @Test
  void anAddressAsWideAsTheNetworkCountsForNone() {
    Subnet subnet = new Subnet(3, 24, 64);
    assertThat(subnet.network(Address.parse("2001:db8::/64"))).isEmpty();
    assertThat(subnet.network(Address.parse("2001:db8::/48"))).isEmpty();
    assertThat(subnet.network(Address.parse("2001:db8::1")))
        .contains(Address.parse("2001:db8::/64"));
  }

  @Test
  void aNoteThatCannotBeBelievedIsADeadLetterAndNothingElse() {
    sasl();
    note("198.51.100.1/24", "sasl", "198.51.100.1");
    note(NETWORK, "sasl", "192.0.2.1");
    note(NETWORK, "sasl", NETWORK);
    note("198.51.0.0/16", "sasl", "198.51.100.1");
    note(NETWORK, "sshd", "198.51.100.1");
    note("*", "sasl", "198.51.100.1");
    assertThat(driven.deadLetters.readValuesToList())
        .extracting(DeadLetter::getWhy)
        .containsExactly(
            "address = '198.51.100.1/24', expected 198.51.100.0/24",
            "address = 192.0.2.1, expected one within 198.51.100.0/24",
            "address = 198.51.100.0/24, expected one within 198.51.100.0/24",
            "network = 198.51.0.0/16, expected 198.51.100.0/24",
            "jail = sshd, which bans no networks",
            "address is no address: '*'");
    fail(10, 1, 2);
    assertThat(ofNetwork()).isEmpty();
  }

  private void note(String network, String jail, String address) {
    driven.order(network, new NetworkNote(jail, network, address, at(0), at(3600)), at(0));
  }

  @Test
  void whatIsKnownOfANetworkOutlivesARestart() {
    Table<String> store = Table.inHeap();
    Address network = Address.parse(NETWORK);
    NetworkBook before = new NetworkBook(store);
    Address one = Address.parse("198.51.100.1");
    before.of("sasl", network).add(new BannedAddresses.Banned(one, at(0), at(60)), at(0));
    before.save();
    NetworkBook after = new NetworkBook(store);
    assertThat(after.of("sasl", network).at(at(59)))
        .extracting(BannedAddresses.Banned::address, BannedAddresses.Banned::until)
        .containsExactly(tuple(one, at(60)));
    after.forget(at(60).plus(Memory.GRACE).minusMillis(1));
    assertThat(after.of("sasl", network).at(at(59))).hasSize(1);
    after.forget(at(60).plus(Memory.GRACE));
    assertThat(after.of("sasl", network).isEmpty()).isTrue();
  }

  @Test
  void anUnbanOfOneJailLeavesWhatAnotherHasCounted() {
    driven.policies(Map.of("sasl", policy(Scope.FLEET), "sshd", policy(Scope.FLEET)));
    fail(0, 1, 2);
    driven.order(NETWORK, new UnbanOrder(NETWORK, "sshd", false), at(5));
    fail(10, 3);
    assertThat(ofNetwork()).hasSize(1);
  }
}
