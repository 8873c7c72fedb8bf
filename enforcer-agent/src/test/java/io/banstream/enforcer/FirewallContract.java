package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every firewall does, the one that only prints as well as the kernel's. */
abstract class FirewallContract {
  static final Closure SMTP = IptablesScriptTest.closure("25", "tcp", "INPUT", "DROP");
  private static final String LONG_JAIL = "a jail".replace(' ', '/').repeat(40);

  Table table;

  @BeforeEach
  void emptyTable() {
    table = new Table("relay1");
  }

  abstract Firewall firewall();

  /** All our rules as their tool prints them, a line each, those of ours alone. */
  abstract List<String> rules();

  /** What the tool says of a set that is not there. */
  abstract String noSuchSet();

  /** The rules that ask one of a jail's sets. */
  List<String> rulesOf(String jail) {
    return rules().stream().filter(r -> r.matches(".*banstream-[46]-" + jail + "[ /].*")).toList();
  }

  Outcome install() {
    Instant now = Instant.now();
    return firewall().install(Desired.of(table, new NeverBanned(List.of()), now), now);
  }

  static Entry entry(String jail, String address) {
    return new Entry(jail, Address.parse(address));
  }

  void ban(String jail, String address, Instant until) {
    table.ban(new DecisionKey(Address.parse(address), jail, DecisionKey.FLEET), until);
  }

  Outcome apply(Change... changes) {
    return firewall().apply(List.of(changes), Instant.now());
  }

  Map<Entry, Instant> held() {
    return firewall().read(Instant.now()).entries(table.jails().keySet());
  }

  static Instant in(long seconds) {
    return Instant.now().plusSeconds(seconds);
  }

  @Test
  void theTableIsInTheKernelWithItsEnds() {
    table.jail("sasl", List.of(SMTP));
    Instant until = in(600);
    ban("sasl", "192.0.2.1", until);
    ban("sasl", "192.0.2.64/26", until);
    ban("sasl", "2001:db8:1::/64", until);
    ban("manual", "2001:db8::1", Change.FOR_EVER);
    assertThat(install().refusals()).isEmpty();
    assertThat(held())
        .containsOnlyKeys(
            entry("sasl", "192.0.2.1"),
            entry("sasl", "192.0.2.64/26"),
            entry("sasl", "2001:db8:1::/64"),
            entry("manual", "2001:db8::1"));
    assertThat(held().get(entry("sasl", "192.0.2.1")))
        .isCloseTo(until, within(2, ChronoUnit.SECONDS));
    assertThat(held()).containsEntry(entry("manual", "2001:db8::1"), Change.FOR_EVER);
  }

  @Test
  void changesArePutInAndTakenOutAndCounted() {
    install();
    Entry one = entry("manual", "192.0.2.1");
    Entry two = entry("manual", "2001:db8::2");
    Outcome outcome = apply(new Change.Put(one, in(60)), new Change.Put(two, in(60)));
    assertThat(outcome).isEqualTo(new Outcome(List.of(one, two), List.of()));
    assertThat(held()).containsOnlyKeys(one, two);
    apply(new Change.Take(one), new Change.Take(one));
    assertThat(held()).containsOnlyKeys(two);
  }

  @Test
  void manyAtOnceAreAsOneByOne() {
    install();
    Change[] puts = new Change[2 * Firewall.MANY];
    for (int i = 0; i < puts.length; i++) {
      puts[i] = new Change.Put(entry("manual", "2001:db8::" + Integer.toHexString(i + 1)), in(60));
    }
    Outcome first = apply(puts);
    assertThat(first.counts()).isEqualTo(Map.of("manual", puts.length));
    assertThat(first.refusals()).isEmpty();
    assertThat(held()).hasSize(puts.length);
    Change[] others = new Change[puts.length];
    for (int i = 0; i < puts.length; i++) {
      Entry held = puts[i].entry();
      others[i] = i % 2 == 0 ? new Change.Take(held) : new Change.Put(held, in(6000));
    }
    others[7] = new Change.Put(entry("nowhere", "192.0.2.9"), in(60));
    Outcome outcome = apply(others);
    assertThat(outcome.refusals()).extracting(Outcome.Refusal::jail).containsExactly("nowhere");
    assertThat(held()).hasSize(puts.length / 2);
    assertThat(held().get(puts[9].entry())).isAfter(in(5000));
    assertThat(held().get(puts[7].entry())).isBefore(in(5000));
  }

  @Test
  void aBanThatIsRenewedGetsItsNewEnd() {
    install();
    Entry one = entry("manual", "192.0.2.1");
    apply(new Change.Put(one, in(60)));
    apply(new Change.Put(one, in(6000)));
    assertThat(held().get(one)).isAfter(in(5000));
    apply(new Change.Put(one, in(100)));
    assertThat(held().get(one)).isBefore(in(200));
    apply(new Change.Put(one, in(3 * Change.MAX_TIMEOUT_SECONDS)));
    assertThat(held().get(one)).isAfter(in(Change.MAX_TIMEOUT_SECONDS - 10));
  }

  @Test
  void aRefusalIsToldAndTheOtherLinesCount() {
    install();
    Entry good = entry("manual", "192.0.2.1");
    Outcome outcome =
        apply(new Change.Put(entry("nowhere", "192.0.2.9"), in(60)), new Change.Put(good, in(60)));
    assertThat(outcome.counts()).isEqualTo(Map.of("manual", 1));
    assertThat(outcome.refusals()).hasSize(1);
    assertThat(outcome.refusals().get(0).jail()).isEqualTo("nowhere");
    assertThat(outcome.refusals().get(0).words()).contains(noSuchSet());
    assertThat(held()).containsOnlyKeys(good);
  }

  @Test
  void aSecondInstallChangesNothingThatIsRight() {
    ban("manual", "192.0.2.1", in(600));
    install();
    List<String> rules = rules();
    assertThat(rules).isNotEmpty();
    assertThat(install()).isEqualTo(new Outcome());
    assertThat(rules()).isEqualTo(rules);
    assertThat(firewall().rulesStand()).isTrue();
  }

  @Test
  void rulesAndSetsFollowTheirJail() {
    table.jail("sasl", List.of(SMTP));
    table.jail(LONG_JAIL, List.of(SMTP));
    ban(LONG_JAIL, "192.0.2.1", in(600));
    install();
    int each = rulesOf("manual").size();
    assertThat(rules()).hasSize(3 * each);
    List<String> before = rulesOf("sasl");
    table.jail("sasl", List.of(IptablesScriptTest.closure("25,465", "tcp", "INPUT", "DROP")));
    install();
    assertThat(rulesOf("sasl")).hasSameSizeAs(before).doesNotContainAnyElementsOf(before);
    assertThat(held()).containsOnlyKeys(entry(LONG_JAIL, "192.0.2.1"));
    table.withdraw("sasl");
    table.withdraw(LONG_JAIL);
    install();
    assertThat(rules()).isEqualTo(rulesOf("manual"));
    assertThat(firewall().read(Instant.now()).sets())
        .containsOnlyKeys("banstream-4-manual", "banstream-6-manual");
  }

  @Test
  void networksMayLieWithinEachOther() {
    install();
    Entry wide = entry("manual", "192.0.2.0/24");
    Entry narrow = entry("manual", "192.0.2.64/26");
    Entry one = entry("manual", "192.0.2.65");
    Outcome outcome =
        apply(
            new Change.Put(wide, in(60)),
            new Change.Put(narrow, in(60)),
            new Change.Put(one, Change.FOR_EVER));
    assertThat(outcome.refusals()).isEmpty();
    assertThat(held()).containsOnlyKeys(wide, narrow, one);
    assertThat(firewall().rulesStand()).isTrue();
    apply(new Change.Take(narrow));
    assertThat(held()).containsOnlyKeys(wide, one);
  }
}
