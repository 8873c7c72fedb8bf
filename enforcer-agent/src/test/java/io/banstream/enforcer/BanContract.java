package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.banstream.enforcer.NeverBanned.Exempt;
import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets through, and when. */
abstract class BanContract extends PacketContract {
  @Test
  void theBannedAreSilencedAndOthersGetThrough() {
    begin();
    expect(answered(ONE, "tcp 25", "udp 25", "icmp"), answered(ONE6, "tcp 25", "udp 25", "icmp"));
    bans(ONE, ONE6);
    expect(
        silent(ONE, "tcp 25", "tcp 995", "udp 25", "icmp"),
        silent(ONE6, "tcp 25", "tcp 995", "udp 25", "icmp"),
        answered("192.0.2.2"),
        answered("2001:db8:1::2"),
        answered(OTHER, "tcp 25", "icmp"),
        answered(OTHER6, "tcp 25", "icmp"));
  }

  @Test
  void whoseBanIsLiftedGetsThroughAgain() {
    begin();
    bans(ONE, ONE6, "192.0.2.2", "2001:db8:1::2");
    lift("manual", ONE);
    lift("manual", ONE6);
    expect(answered(ONE), answered(ONE6), silent("192.0.2.2"), silent("2001:db8:1::2"));
  }

  @Test
  void aConnectionThatStandsIsCutAndGoesOnOnceTheBanIsLifted() {
    begin();
    expect(answered(ONE, "held 25"), answered(ONE6, "held 25"), answered(OTHER, "held 25"));
    bans(ONE, ONE6);
    expect(silent(ONE, "held 25"), silent(ONE6, "held 25"), answered(OTHER, "held 25"));
    lift("manual", ONE);
    expect(answered(ONE, "held 25"), silent(ONE6, "held 25"));
  }

  @Test
  void aBanEndsInTheKernelWhileNoEnforcerRuns() {
    begin();
    Instant now = Instant.now();
    List<Entry> ending =
        List.of(entry("manual", ONE), entry("manual", ONE6), entry("manual", "192.0.2.64/26"));
    List<Change> changes =
        ending.stream().<Change>map(e -> new Change.Put(e, now.plusSeconds(1))).toList();
    bans(OTHER, OTHER6);
    assertThat(firewall().apply(changes, now)).isEqualTo(new Outcome(ending, List.of()));
    firewall().close();
    await().atMost(LIMIT).until(() -> held().size() == 2);
    expect(answered(ONE), answered(ONE6), answered("192.0.2.65"), silent(OTHER), silent(OTHER6));
  }

  @Test
  void aRenewedBanHasItsNewEndBeItLaterOrEarlier() {
    begin();
    bans(OTHER, OTHER6);
    for (String later : List.of(ONE, ONE6)) {
      decide("manual", later, in(1));
      decide("manual", later, in(600));
    }
    decide("manual", OTHER, in(1));
    decide("manual", OTHER6, in(1));
    await().atMost(LIMIT).until(() -> held().size() == 2);
    expect(silent(ONE), silent(ONE6), answered(OTHER), answered(OTHER6));
  }

  @Test
  void aBanLongerThanATimeoutCanBeIsProlongedAtHalfTime() {
    begin();
    Entry one = entry("manual", ONE);
    Instant end = in(3 * Change.MAX_TIMEOUT_SECONDS);
    decide("manual", ONE, end);
    Instant longest = Instant.now().plusSeconds(Change.MAX_TIMEOUT_SECONDS);
    assertThat(held().get(one)).isCloseTo(longest, within(60, ChronoUnit.SECONDS));
    apply(new Change.Put(one, in(Change.MAX_TIMEOUT_SECONDS / 2 - 60)));
    look();
    assertThat(held().get(one)).isCloseTo(longest, within(60, ChronoUnit.SECONDS));
    assertThat(mended()).isZero();
    expect(silent(ONE));
  }

  @Test
  void aBanForEverHasNoEndAndNeedsNoProlonging() {
    begin();
    for (String address : List.of(ONE, ONE6, "203.0.113.128/25")) {
      decide("manual", address, Change.FOR_EVER);
    }
    look();
    assertThat(held().values()).hasSize(3).containsOnly(Change.FOR_EVER);
    assertThat(mended()).isZero();
    expect(silent(ONE), silent(ONE6), silent(OTHER));
    lift("manual", ONE);
    expect(answered(ONE), silent(ONE6));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.0, 192.0.2.255, 203.0.113.130",
    "192.0.2.8/30, 192.0.2.8, 192.0.2.11, 192.0.2.12",
    "192.0.2.8/31, 192.0.2.8, 192.0.2.9, 192.0.2.7",
    "2001:db8:1::/64, 2001:db8:1::1, 2001:db8:1:0:ffff:ffff:ffff:ffff, 2001:db8:1:1::1",
    "2001:db8:1::/48, 2001:db8:1::1, 2001:db8:1:ffff::1, 2001:db8:2::1",
    "2001:db8:1::8/125, 2001:db8:1::8, 2001:db8:1::f, 2001:db8:1::10",
  })
  void aNetworkIsBannedFromItsFirstAddressToItsLast(
      String network, String first, String last, String beyond) {
    begin();
    bans(network);
    expect(silent(first), silent(last), answered(beyond));
    lift("manual", network);
    expect(answered(first), answered(last));
  }

  @Test
  void networksWithinEachOtherAreLiftedEachForItself() {
    begin();
    bans("192.0.2.0/24", "192.0.2.64/26", "192.0.2.65", "2001:db8:1::/48", "2001:db8:1::/64", ONE6);
    lift("manual", "192.0.2.64/26");
    lift("manual", "2001:db8:1::/64");
    expect(silent("192.0.2.66"), silent("192.0.2.65"), silent("2001:db8:1::2"));
    lift("manual", "192.0.2.0/24");
    lift("manual", "2001:db8:1::/48");
    expect(answered("192.0.2.66"), silent("192.0.2.65"), answered("2001:db8:1::2"), silent(ONE6));
  }

  @Test
  void whatTwoJailsBanIsClosedByTheOneThatIsLeft() {
    table.jail("smtp", List.of(IptablesScriptTest.closure("25", "tcp", "INPUT", "DROP")));
    table.jail("http", List.of(IptablesScriptTest.closure("80", "tcp", "INPUT", "DROP")));
    begin();
    for (String jail : List.of("smtp", "http")) {
      decide(jail, ONE, in(600));
      decide(jail, ONE6, in(600));
    }
    decide("http", "203.0.113.128/25", in(600));
    decide("smtp", OTHER, in(600));
    expect(silent(ONE, "tcp 25", "tcp 80"), silent(ONE6, "tcp 25", "tcp 80"));
    lift("smtp", ONE);
    lift("http", ONE6);
    lift("smtp", OTHER);
    expect(answered(ONE, "tcp 25"), silent(ONE, "tcp 80"));
    expect(silent(ONE6, "tcp 25"), answered(ONE6, "tcp 80"));
    expect(answered(OTHER, "tcp 25"), silent(OTHER, "tcp 80"));
  }

  @Test
  void aBanOfTheFleetAndOneOfThisHostAreLiftedEachForItself() {
    begin();
    bans(ONE);
    table.ban(new DecisionKey(Address.parse(ONE), "manual", table.host()), in(900));
    lift("manual", ONE);
    expect(silent(ONE));
    lift("manual", ONE, table.host());
    expect(answered(ONE));
  }

  @Test
  void whoIsAllowedGetsThroughUntilHeIsNoLonger() {
    begin();
    bans(ONE, ONE6, OTHER);
    List<Address> allowed = List.of(Address.parse(ONE), Address.parse("2001:db8:1::/64"));
    table.allow("partner", new Table.Allowed(Change.FOR_EVER, allowed));
    take(Touched::exempt);
    expect(answered(ONE), answered(ONE6), silent(OTHER));
    table.disallow("partner");
    take(Touched::exempt);
    expect(silent(ONE), silent(ONE6), silent(OTHER));
  }

  @Test
  void aNetworkThatHoldsAnAllowedAddressIsNotClosed() {
    table.allow("partner", new Table.Allowed(Change.FOR_EVER, List.of(Address.parse(ONE))));
    begin();
    bans("192.0.2.0/24", "192.0.2.2");
    expect(answered(ONE), silent("192.0.2.2"), answered("192.0.2.3"));
  }

  @Test
  void whatTheHostNeedsIsNeverBlocked() {
    begin(new Surroundings(relay.prefix()).local().toArray(Exempt[]::new));
    bans("127.0.0.1", "::1", HostUnderAttack.HOST, HostUnderAttack.HOST6);
    bans(HostUnderAttack.GATEWAY, HostUnderAttack.GATEWAY6, "198.51.100.0/24", "2001:db8::/64");
    bans("0.0.0.0/0", "::/0", ONE, ONE6);
    expect(silent(ONE), silent(ONE6), answered(OTHER), answered(OTHER6));
    for (String own : List.of("127.0.0.1", "::1", HostUnderAttack.HOST, HostUnderAttack.HOST6)) {
      assertThat(relay.tryRun("ping", "-c1", "-W10", own).exit()).as(own).isZero();
    }
  }

  @Test
  void whatIsOverNeverBegins() {
    ban("manual", ONE, in(-1));
    ban("manual", OTHER, in(600));
    begin();
    decide("manual", ONE6, in(-1));
    expect(answered(ONE), answered(ONE6), silent(OTHER));
  }

  /** More than a set of ipset has room for unless it is told, 65,536. */
  @Test
  void seventyThousandAreBannedAtOnceAndAThousandLifted() {
    Instant until = in(6000);
    for (int i = 0; i < 70_000; i++) {
      ban("manual", "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), until);
    }
    ban("manual", ONE, until);
    begin();
    assertThat(held()).hasSize(70_001);
    expect(silent(ONE), answered(OTHER));
    bans(OTHER);
    List<DecisionKey> lifted =
        Stream.concat(
                Stream.of(entry("manual", ONE)),
                table.bans(DecisionKey.FLEET).keySet().stream()
                    .filter(e -> e.address().toString().startsWith("10.")))
            .limit(1_000)
            .map(e -> new DecisionKey(e.address(), e.jail(), DecisionKey.FLEET))
            .toList();
    lifted.forEach(table::unban);
    take(touched -> lifted.forEach(k -> touched.entry(new Entry(k.jail(), k.address()))));
    assertThat(held()).hasSize(69_002);
    expect(answered(ONE), silent(OTHER));
  }

  /** How many entries it says that others had changed. */
  final long mended() {
    return keeper.news().stream().mapToLong(JailState::mended).sum();
  }
}
