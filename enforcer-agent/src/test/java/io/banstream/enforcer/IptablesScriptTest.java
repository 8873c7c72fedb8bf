package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IptablesScriptTest {
  private static final SavedRules EMPTY = new SavedRules(Map.of());

  static Closure closure(String ports, String protocol, String chain, String blocktype) {
    List<PortRange> ranges =
        ports.isEmpty()
            ? List.of()
            : List.of(ports.split(",")).stream().map(PortRange::parse).toList();
    return new Closure(ranges, protocol, chain, blocktype, "");
  }

  private static SortedMap<String, List<Closure>> doors(String jail, Closure... closures) {
    return new TreeMap<>(Map.of(jail, List.of(closures)));
  }

  @Test
  void oneRuleASetInAChainOfOursAtTheTopOfInput() {
    assertThat(
            IptablesScript.install(
                doors("sasl", closure("25,465,587", "tcp", "INPUT", "DROP")), Family.V4, EMPTY))
        .isEqualTo(
            """
            *filter
            :BANSTREAM - [0:0]
            -A BANSTREAM -p tcp -m multiport --dports 25,465,587 -m set --match-set banstream-4-sasl src -j DROP
            -I INPUT 1 -j BANSTREAM
            COMMIT
            """);
  }

  @Test
  void onePortNeedsNoMultiport() {
    assertThat(IptablesRule.of(closure("25", "tcp", "INPUT", "DROP"), "s", Family.V4))
        .containsExactly("-p tcp --dport 25 -m set --match-set s src -j DROP");
  }

  @Test
  void allPortsOfAllProtocolsNeedNoMatchButTheSet() {
    assertThat(IptablesRule.of(closure("", "all", "INPUT", "DROP"), "s", Family.V4))
        .containsExactly("-m set --match-set s src -j DROP");
  }

  @Test
  void portsOfAllProtocolsAreThoseOfTcpAndUdp() {
    assertThat(IptablesRule.of(closure("53", "all", "INPUT", "DROP"), "s", Family.V4))
        .containsExactly(
            "-p tcp --dport 53 -m set --match-set s src -j DROP",
            "-p udp --dport 53 -m set --match-set s src -j DROP");
  }

  @Test
  void aRuleTakesFifteenPortsARangeCountingAsTwo() {
    String ports =
        "1:2," + String.join(",", IntStream.range(10, 24).mapToObj(Integer::toString).toList());
    assertThat(IptablesRule.of(closure(ports, "tcp", "INPUT", "DROP"), "s", Family.V4))
        .containsExactly(
            "-p tcp -m multiport --dports 1:2,10,11,12,13,14,15,16,17,18,19,20,21,22"
                + " -m set --match-set s src -j DROP",
            "-p tcp --dport 23 -m set --match-set s src -j DROP");
  }

  @Test
  void refusalsAreNamedAsTheirFamilyNamesThem() {
    Closure closure = closure("", "all", "INPUT", "REJECT --reject-with icmp-port-unreachable");
    assertThat(IptablesRule.of(closure, "s", Family.V4).get(0))
        .endsWith("-j REJECT --reject-with icmp-port-unreachable");
    assertThat(IptablesRule.of(closure, "s", Family.V6).get(0))
        .endsWith("-j REJECT --reject-with icmp6-port-unreachable");
  }

  @Test
  void eachChainJumpedFromHasAChainOfItsOwn() {
    assertThat(
            IptablesScript.install(
                doors(
                    "a",
                    closure("25", "tcp", "INPUT", "DROP"),
                    closure("25", "tcp", "FORWARD", "DROP")),
                Family.V4,
                EMPTY))
        .contains("-I INPUT 1 -j BANSTREAM\n")
        .contains("-I FORWARD 1 -j BANSTREAM-of-FORWARD\n");
  }

  @Test
  void aJumpThatIsFirstStaysAndAnyOtherIsMovedThere() {
    var doors = doors("a", closure("25", "tcp", "INPUT", "DROP"));
    SavedRules first =
        SavedRules.parse(
            "*filter\n:INPUT ACCEPT [0:0]\n:BANSTREAM - [0:0]\n"
                + "-A INPUT -j BANSTREAM\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n");
    SavedRules second =
        SavedRules.parse(
            "*filter\n:INPUT ACCEPT [0:0]\n:BANSTREAM - [0:0]\n"
                + "-A INPUT -p tcp -j ACCEPT\n-A INPUT -j BANSTREAM \nCOMMIT\n");
    assertThat(IptablesScript.install(doors, Family.V4, first)).doesNotContain("INPUT");
    assertThat(IptablesScript.install(doors, Family.V4, second))
        .endsWith("-D INPUT -j BANSTREAM\n-I INPUT 1 -j BANSTREAM\nCOMMIT\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":BANSTREAM - [0:0]\n-A BANSTREAM -j DROP\n",
        ":BANSTREAM - [0:0]\n-A INPUT -j BANSTREAM\n",
        ":BANSTREAM - [0:0]\n-A INPUT -p tcp -j ACCEPT\n-A INPUT -j BANSTREAM\n"
            + "-A BANSTREAM -j DROP\n"
      })
  void rulesThatAreNotAllThereOrNotFirstDoNotStand(String saved) {
    var doors = doors("a", closure("25", "tcp", "INPUT", "DROP"));
    String table = "*filter\n:INPUT ACCEPT [0:0]\n" + saved + "COMMIT\n";
    assertThat(IptablesScript.stands(doors, Family.V4, SavedRules.parse(table))).isFalse();
    assertThat(
            IptablesScript.stands(
                doors,
                Family.V4,
                SavedRules.parse(
                    "*filter\n:INPUT ACCEPT [0:0]\n:BANSTREAM - [0:0]\n-A INPUT -j BANSTREAM\n"
                        + "-A BANSTREAM -p tcp -m tcp --dport 25 -j DROP\nCOMMIT\n")))
        .isTrue();
  }

  @Test
  void chainsNoLongerJumpedToGo() {
    SavedRules saved =
        SavedRules.parse(
            "*filter\n:FORWARD ACCEPT [0:0]\n"
                + ":BANSTREAM-of-FORWARD - [0:0]\n-A FORWARD -j BANSTREAM-of-FORWARD\nCOMMIT\n");
    assertThat(
            IptablesScript.install(
                doors("a", closure("25", "tcp", "INPUT", "DROP")), Family.V4, saved))
        .contains("-D FORWARD -j BANSTREAM-of-FORWARD\n")
        .endsWith("-F BANSTREAM-of-FORWARD\n-X BANSTREAM-of-FORWARD\nCOMMIT\n");
  }

  @Test
  void nothingIsRemovedWhereNothingIsOurs() {
    assertThat(IptablesScript.remove(SavedRules.parse("*filter\n:f2b - [0:0]\n-A f2b -j DROP\n")))
        .isEmpty();
  }

  @Test
  void versionsAreComparedByNumber() {
    assertThat(Iptables.isAtLeast("iptables v1.4.7", 1, 4, 20)).isFalse();
    assertThat(Iptables.isAtLeast("iptables v1.4.21", 1, 4, 20)).isTrue();
    assertThat(Iptables.isAtLeast("iptables v1.8.9 (nf_tables)", 1, 6, 2)).isTrue();
  }
}
