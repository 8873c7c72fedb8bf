package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an enforcer does to the rules and sets that stand, with nobody banned getting through. */
abstract class KernelFirewallIT extends MeddlingContract {
  private static final List<String> BOTH = List.of(ONE, ONE6);

  /** What the session runs. */
  abstract String sessionTool();

  /** A shell's lines that make the set of {@code manual} with room for four, and no more. */
  abstract String smallSet();

  private static Closure udp(String ports) {
    return IptablesScriptTest.closure(ports, "udp", "INPUT", "DROP");
  }

  @Test
  void betweenTwoEnforcersAndAtTheNextOnesStartNobodyGetsThrough() {
    begin();
    bans(ONE, ONE6, OTHER);
    neverOpen(
        BOTH,
        () -> {
          reopen();
          table.jail("smtp", List.of(SMTP));
          table.unban(new DecisionKey(Address.parse(OTHER), "manual", DecisionKey.FLEET));
          ban("manual", OTHER6, in(600));
          begin();
        });
    expect(silent(ONE), silent(ONE6), answered(OTHER), silent(OTHER6));
  }

  @Test
  void whileAJailIsChangedNobodyGetsThroughWhatStaysClosed() {
    table.jail("jail", List.of(udp("25")));
    begin();
    BOTH.forEach(address -> decide("jail", address, in(600)));
    neverOpen(
        BOTH,
        () -> {
          for (Closure next : List.of(udp("25,53"), udp("20:30"), udp(""), udp("25"))) {
            table.jail("jail", List.of(next));
            take(Touched::jails);
          }
        });
    expect(silent(ONE, "udp 25"), answered(ONE, "udp 53"), answered(ONE6, "udp 53"));
  }

  @Test
  void whileAJailGetsAnotherNameNobodyGetsThrough() {
    table.jail("old", List.of(udp("25")));
    begin();
    BOTH.forEach(address -> decide("old", address, in(600)));
    neverOpen(
        BOTH,
        () -> {
          table.jail("new", List.of(udp("25")));
          BOTH.forEach(address -> ban("new", address, in(600)));
          table.withdraw("old");
          take(Touched::jails);
        });
    expect(silent(ONE, "udp 25"), silent(ONE6, "udp 25"), answered(ONE, "udp 53"));
    assertThat(rulesOf("old")).isEmpty();
  }

  @Test
  void aJailThatIsWithdrawnOpensItsPortsAndNoOthers() {
    table.jail("smtp", List.of(SMTP));
    table.jail("http", List.of(IptablesScriptTest.closure("80", "tcp", "INPUT", "DROP")));
    begin();
    for (String jail : List.of("smtp", "http")) {
      BOTH.forEach(address -> decide(jail, address, in(600)));
    }
    table.withdraw("smtp");
    take(Touched::jails);
    expect(answered(ONE, "tcp 25"), silent(ONE, "tcp 80"));
    expect(answered(ONE6, "tcp 25"), silent(ONE6, "tcp 80"));
  }

  @Test
  void aJailThatIsRefusedIsToldAndTheOthersStand() {
    table.jail("good", List.of(SMTP));
    table.jail("lost", List.of(IptablesScriptTest.closure("25", "tcp", "NO-SUCH-CHAIN", "DROP")));
    table.jail("odd", List.of(IptablesScriptTest.closure("", "all", "INPUT", "NO_SUCH_TARGET")));
    for (String jail : List.of("good", "lost", "odd")) {
      BOTH.forEach(address -> ban(jail, address, in(600)));
    }
    ban("manual", OTHER, in(600));
    Outcome outcome = install();
    assertThat(outcome.refusals()).extracting(Outcome.Refusal::jail).containsOnly("lost", "odd");
    assertThat(rulesOf("good")).isNotEmpty();
    assertThat(rulesOf("manual")).isNotEmpty();
    assertThat(rules()).hasSize(rulesOf("good").size() + rulesOf("manual").size());
    expect(silent(ONE, "tcp 25"), answered(ONE, "tcp 26", "udp 25"), silent(OTHER));
    expect(silent(ONE6, "tcp 25"), answered(ONE6, "tcp 26", "udp 25"));
  }

  @Test
  void aSetThatIsTooSmallGrowsAndNobodyGetsThroughMeanwhile() {
    begin();
    putBack();
    relay.run("sh", "-ec", smallSet());
    begin();
    bans(ONE, ONE6);
    neverOpen(
        BOTH,
        () -> {
          Instant until = in(600);
          IntStream.range(2, 9).forEach(i -> ban("manual", "192.0.2." + i, until));
          take(Touched::jails);
        });
    expect(silent(ONE), silent(ONE6), silent("192.0.2.2"), silent("192.0.2.8"));
    assertThat(held()).hasSize(9);
  }

  @Test
  void aSessionThatIsKilledIsToldAndTheNextOneServes() {
    begin();
    bans(ONE, ONE6);
    neverOpen(
        BOTH,
        () -> {
          assertThat(killSession()).isPositive();
          Entry other = entry("manual", OTHER);
          Change put = new Change.Put(other, in(600));
          assertThatThrownBy(() -> apply(put))
              .isInstanceOf(FirewallException.class)
              .hasMessageContaining(sessionTool());
          assertThat(apply(put)).isEqualTo(new Outcome(List.of(other), List.of()));
        });
    expect(silent(ONE), silent(ONE6), silent(OTHER));
  }

  private long killSession() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("/" + sessionTool()))
        .filter(ProcessHandle::destroyForcibly)
        .peek(child -> child.onExit().join())
        .count();
  }

  @Test
  void whatASessionThatIsKilledHadNotDoneIsDoneByTheWhole() {
    begin();
    bans(ONE);
    assertThat(killSession()).isPositive();
    ban("manual", ONE6, in(600));
    Touched touched = new Touched();
    touched.entry(entry("manual", ONE6));
    keeper.take(touched, Instant.now());
    assertThat(keeper.wrong()).isPresent();
    keeper.restore(Instant.now());
    assertThat(keeper.wrong()).isEmpty();
    expect(silent(ONE), silent(ONE6), answered(OTHER));
  }
}
