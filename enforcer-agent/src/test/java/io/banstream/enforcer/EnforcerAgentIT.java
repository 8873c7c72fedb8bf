package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.Decision;
import io.banstream.schemas.Enforcement;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import io.banstream.schemas.Verdict;
import io.banstream.testkit.Netns;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A decision on a real broker becomes a packet dropped by a real kernel. */
class EnforcerAgentIT extends EnforcerOnBroker {
  /** What a restart of another firewall's service does, and a hand that slips. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          IPSET    | ipset flush
          IPSET    | iptables -F
          NFTABLES | nft flush ruleset
          """)
  void whatOthersChangeIsMended(FirewallKind kind, String byOthers) throws Exception {
    Netns.assumeAvailable("nft");
    EnforcerAgent agent = up(kind);
    try {
      ban(ATTACKER);
      await().atMost(LIMIT).until(() -> !pings(ATTACKER));
      relay.run(byOthers.split(" "));
      await().atMost(LIMIT).until(() -> !pings(ATTACKER));
      if (byOthers.equals("ipset flush")) {
        await()
            .atMost(LIMIT)
            .untilAsserted(() -> assertThat(enforcements().get("manual").getMended()).isEqualTo(1));
      }
      assertThat(agent.check()).isEmpty();
    } finally {
      agent.close();
    }
  }

  @Test
  void aBanDropsItsPacketsUntilItIsLiftedAndIsTold() throws Exception {
    EnforcerAgent agent = up();
    try {
      assertThat(pings(ATTACKER)).isTrue();
      ban(ATTACKER);
      awaitBanned(ATTACKER);
      assertThat(pings(ATTACKER)).isFalse();
      assertThat(pings(OTHER)).isTrue();
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                Enforcement told = enforcements().get("manual");
                assertThat(told).isNotNull();
                assertThat(told.getEntries()).isEqualTo(1);
                assertThat(told.getApplied()).isEqualTo(1);
                assertThat(told.getFailed()).isZero();
              });
      decide(Verdict.UNBAN, ATTACKER, "*", Instant.now());
      awaitFree(ATTACKER);
      assertThat(pings(ATTACKER)).isTrue();
      assertThat(agent.check()).isEmpty();
    } finally {
      agent.close();
    }
  }

  @Test
  void aBanEndsAtItsTimeAndWhatIsOverNeverBegins() throws Exception {
    EnforcerAgent agent = up();
    try {
      decide(Verdict.BAN, OTHER, "*", Instant.now().minusSeconds(1));
      decide(Verdict.BAN, ATTACKER, "*", Instant.now().plusSeconds(4));
      awaitBanned(ATTACKER);
      assertThat(relay.run("ipset", "save")).doesNotContain(OTHER);
      awaitFree(ATTACKER);
      assertThat(pings(ATTACKER)).isTrue();
    } finally {
      agent.close();
    }
  }

  @Test
  void aDecisionReachesTheHostsItNames() throws Exception {
    EnforcerAgent agent = up();
    try {
      decide(Verdict.BAN, ATTACKER, "relay2", Instant.now().plusSeconds(600));
      decide(Verdict.BAN, OTHER, "relay1", Instant.now().plusSeconds(600));
      awaitBanned(OTHER);
      ban("192.0.2.1");
      awaitBanned("192.0.2.1");
      assertThat(relay.run("ipset", "save")).doesNotContain(ATTACKER);
    } finally {
      agent.close();
    }
  }

  @Test
  void whatIsNeverBannedIsSkippedAndToldWhy() throws Exception {
    EnforcerAgent agent = up();
    try {
      ban(ATTACKER);
      ban("198.51.100.1");
      ban("198.51.100.0/28");
      awaitBanned(ATTACKER);
      put(
          kafka.topics().allows(),
          ATTACKER,
          new AllowRecord(ATTACKER, List.of(ATTACKER), Instant.now(), null, "test", null));
      awaitFree(ATTACKER);
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(enforcements().get("manual").getSkipped())
                      .extracting(s -> s.getAddress() + ": " + s.getWhy())
                      .contains(ATTACKER + ": allow list", "198.51.100.1: own address")
                      .anyMatch(s -> s.startsWith("198.51.100.0/28: holds ")));
      put(kafka.topics().allows(), ATTACKER, (AllowRecord) null);
      awaitBanned(ATTACKER);
    } finally {
      agent.close();
    }
  }

  @Test
  void theTableOnDiskServesWhileTheBrokerIsAwayAndTheTopicCorrectsIt() throws Exception {
    up().close();
    EnforcerAgent first = up();
    ban(ATTACKER);
    ban(OTHER);
    awaitBanned(OTHER);
    awaitBanned(ATTACKER);
    first.close();
    assertThat(pings(ATTACKER)).as("rules stay").isFalse();
    Flush.run(data, relay.prefix());
    assertThat(pings(ATTACKER)).isTrue();

    KafkaConnection away =
        new KafkaConnection(
            Map.of("bootstrap.servers", "127.0.0.1:1"), kafka.topics(), Optional.empty());
    EnforcerAgent alone = EnforcerAgent.start(settings(away));
    // The set is filled first, the rule that asks it stands a moment later.
    await().atMost(LIMIT).until(() -> !pings(ATTACKER));
    assertThat(alone.ready()).isNotDone();
    alone.close();

    decide(Verdict.UNBAN, ATTACKER, "*", Instant.now());
    EnforcerAgent again = up();
    try {
      awaitFree(ATTACKER);
      assertThat(relay.run("ipset", "save")).contains(" " + OTHER + " ");
    } finally {
      again.close();
    }
  }

  @Test
  void aJailThatIsChangedOrWithdrawnIsFollowed() throws Exception {
    EnforcerAgent agent = up();
    try {
      assertThat(relay.run("iptables-save"))
          .contains("-p tcp -m set --match-set banstream-4-sasl src -j DROP");
      put(kafka.topics().jails(), Key.of("default", "sasl"), jail("sasl", closure("udp")));
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  relay
                      .run("iptables-save")
                      .contains("-p udp -m set --match-set banstream-4-sasl src -j DROP"));
      put(kafka.topics().jails(), Key.of("default", "sasl"), (Decision) null);
      await().atMost(LIMIT).until(() -> !relay.run("ipset", "save").contains("sasl"));
    } finally {
      agent.close();
    }
  }

  @Test
  void whatIsNotThereIsToldInOneLine() {
    EnforcerSettings s = settings(kafka);
    assertThatThrownBy(() -> EnforcerAgent.start(settings(kafka, FirewallKind.FIREWALLD)))
        .isInstanceOf(EnforcerException.class)
        .hasMessage(
            "firewall = firewalld: no rules of firewalld are in the kernel: is it running?");
    assertThatThrownBy(
            () -> EnforcerAgent.start(s, new Tools("no-ipset", "iptables", "ip6tables", "nft")))
        .isInstanceOf(EnforcerException.class)
        .hasMessage("firewall = ipset: no-ipset not installed");
  }
}
