package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What others do to the firewall, and what we don't do to theirs. */
abstract class MeddlingContract extends DoorContract {
  /** A shell's lines that do it. */
  abstract String meddle(Meddling what);

  /** A shell's lines that make rules, sets and tables as others have them. */
  abstract String theirs();

  final void sh(String script) {
    relay.run("sh", "-ec", script);
  }

  final String state() {
    return FirewallState.of(relay, tools());
  }

  @ParameterizedTest
  @EnumSource
  void whatOthersChangeOfOursIsPutRightAndWhatIsTheirsStays(Meddling what) {
    begin();
    bans(ONE, ONE6);
    expect(silent(ONE), silent(ONE6));
    sh(meddle(what));
    if (what.opens()) {
      expect(answered(ONE));
    }
    String theirs = FirewallState.withoutOurs(state());
    look();
    expect(silent(ONE), silent(ONE6), answered(OTHER), answered(OTHER6));
    assertThat(FirewallState.withoutOurs(state())).isEqualTo(theirs);
    assertThat(held()).containsOnlyKeys(entry("manual", ONE), entry("manual", ONE6));
    assertThat(held().values()).allMatch(until -> until.isAfter(in(500)));
  }

  @Test
  void entriesThatOthersChangedAreCounted() {
    begin();
    bans(ONE, ONE6);
    sh(meddle(Meddling.ENTRY_DELETED));
    look();
    assertThat(mended()).isEqualTo(1);
    sh(meddle(Meddling.ENTRY_ADDED));
    expect(silent(OTHER));
    look();
    expect(silent(ONE), answered(OTHER));
    assertThat(mended()).isEqualTo(2);
  }

  @Test
  void whatOthersHaveStaysByteForByteAndAFlushLeavesNothingElse() {
    sh(theirs());
    String before = state();
    reopen();
    table.jail("smtp", List.of(SMTP));
    table.jail("out", List.of(IptablesScriptTest.closure("", "all", "FORWARD", "REJECT")));
    begin();
    bans(ONE, ONE6, "192.0.2.64/26");
    decide("smtp", ONE, in(600));
    look();
    expect(silent(ONE), silent(ONE6), answered(OTHER));
    assertThat(state()).isNotEqualTo(before);
    assertThat(FirewallState.withoutOurs(state())).isEqualTo(FirewallState.withoutOurs(before));
    table.withdraw("out");
    take(Touched::jails);
    lift("manual", ONE);
    reopen();
    begin();
    assertThat(FirewallState.withoutOurs(state())).isEqualTo(FirewallState.withoutOurs(before));
    firewall().close();
    assertThat(Flush.run(data, relay.prefix())).isNotEmpty();
    assertThat(state()).isEqualTo(before);
    expect(answered(ONE), answered(ONE6));
  }
}
