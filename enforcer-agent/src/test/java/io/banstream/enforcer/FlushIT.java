package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import io.banstream.testkit.Netns;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flush leaves the firewall as it was, byte for byte, counters and dates aside. */
class FlushIT {
  @TempDir Path data;

  private static Tools tools(String kind) {
    return new Tools("ipset", "iptables-" + kind, "ip6tables-" + kind, "nft");
  }

  private EnforcerAgent up(Netns relay, Tools tools, FirewallKind kind) {
    // No broker answers there: the table on disk, an empty one, serves.
    KafkaConnection nobody =
        new KafkaConnection(
            Map.of("bootstrap.servers", "127.0.0.1:1"), new Topics(""), Optional.empty());
    EnforcerAgent agent =
        EnforcerAgent.start(
            new EnforcerSettings(
                nobody,
                "relay1",
                "default",
                data,
                kind,
                InstantSource.system(),
                relay.prefix(),
                false,
                Optional.empty(),
                line -> {}),
            tools);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                kind == FirewallKind.NFTABLES || tools.ipset().equals("no-ipset")
                    ? hasTable(relay)
                    : hasChains(relay, tools));
    return agent;
  }

  private static boolean hasChains(Netns relay, Tools tools) {
    return relay.run(tools.iptables() + "-save").contains("-A INPUT -j BANSTREAM")
        && relay.run(tools.ip6tables() + "-save").contains("-A INPUT -j BANSTREAM");
  }

  private static boolean hasTable(Netns relay) {
    return relay.run("nft", "list", "tables").contains("table inet banstream");
  }

  private void assertFlushRestores(Netns relay, Tools tools) {
    String before = FirewallState.of(relay, tools);
    EnforcerAgent agent = up(relay, tools, FirewallKind.AUTO);
    try {
      assertThatThrownBy(() -> Flush.run(data, relay.prefix()))
          .isInstanceOf(EnforcerException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid() + ": stop it first");
    } finally {
      agent.close();
    }
    assertThat(FirewallState.of(relay, tools)).isNotEqualTo(before);
    assertThat(Flush.run(data, relay.prefix())).isNotEmpty();
    assertThat(FirewallState.of(relay, tools)).isEqualTo(before);
    assertThat(Flush.run(data, relay.prefix())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nft", "legacy"})
  void anEmptyFirewallIsEmptyAgain(String kind) {
    Tools tools = tools(kind);
    Netns.assumeAvailable("ipset", "nft", tools.iptables(), tools.ip6tables());
    try (Netns relay = Netns.create("flush")) {
      if (kind.equals("legacy")) {
        // An empty table may stay there: it can't be taken away.
        relay.run(tools.iptables(), "-S");
        relay.run(tools.ip6tables(), "-S");
      }
      assertFlushRestores(relay, tools);
    }
  }

  @Test
  void whoChangesTheFirewallLeavesNothingInTheOther() {
    Tools tools = tools("nft");
    Netns.assumeAvailable("ipset", "nft", tools.iptables(), tools.ip6tables());
    try (Netns relay = Netns.create("flush")) {
      String before = FirewallState.of(relay, tools);
      up(relay, tools, FirewallKind.IPSET).close();
      try (EnforcerAgent agent = up(relay, tools, FirewallKind.NFTABLES)) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> relay.run("ipset", "save").isEmpty());
        assertThat(relay.run("iptables-nft-save")).doesNotContain("BANSTREAM");
        assertThat(agent.ended()).isNotDone();
      }
      try (EnforcerAgent agent = up(relay, tools, FirewallKind.IPSET)) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !hasTable(relay));
        assertThat(agent.ended()).isNotDone();
      }
      assertThat(Flush.run(data, relay.prefix())).isNotEmpty();
      assertThat(FirewallState.of(relay, tools)).isEqualTo(before);
    }
  }

  @Test
  void autoTakesNftablesWhereIpsetIsNot() {
    Netns.assumeAvailable("nft");
    try (Netns relay = Netns.create("flush")) {
      Tools tools = new Tools("no-ipset", "no-iptables", "no-ip6tables", "nft");
      try (EnforcerAgent agent = up(relay, tools, FirewallKind.AUTO)) {
        assertThat(agent.ended()).isNotDone();
      }
      Tools none = new Tools("no-ipset", "no-iptables", "no-ip6tables", "no-nft");
      assertThatThrownBy(() -> up(relay, none, FirewallKind.AUTO))
          .isInstanceOf(EnforcerException.class)
          .hasMessage("firewall = auto: no-iptables not installed; no-nft not installed");
    }
  }
}
