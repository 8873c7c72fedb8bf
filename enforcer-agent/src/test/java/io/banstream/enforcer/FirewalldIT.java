package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.enforcer.RunningFirewalld.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An enforcer beside a firewalld that really runs. */
class FirewalldIT extends EnforcerOnBroker {
  /** Within which a ban holds again. */
  private static final Duration SECONDS = Duration.ofSeconds(2);

  private static final Pattern REPLY = Pattern.compile("\\[(\\d+\\.\\d+)\\] \\d+ bytes from .*");

  @TempDir Path folder;
  private RunningFirewalld firewalld;

  @BeforeEach
  void needed() {
    RunningFirewalld.assumeAvailable();
  }

  private EnforcerAgent upBeside(Backend backend) throws Exception {
    firewalld = RunningFirewalld.start(relay, folder, backend);
    return up();
  }

  @Override
  EnforcerAgent up() throws Exception {
    EnforcerAgent agent =
        EnforcerAgent.start(settings(kafka, FirewallKind.AUTO), firewalld.tools());
    agent.ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    return agent;
  }

  private void does(String what) throws Exception {
    switch (what) {
      case "restart" -> firewalld.restart();
      case "stop" -> firewalld.stop();
      default -> firewalld.run(what);
    }
  }

  /**
   * The attacker's packets are one flow that was let in before: firewalld lets such ones pass ahead
   * of its direct rules, and we don't.
   */
  @ParameterizedTest
  @EnumSource(Backend.class)
  void aBanHoldsWhateverFirewalldDoes(Backend backend) throws Exception {
    Path log = folder.resolve("ping");
    EnforcerAgent agent = upBeside(backend);
    String flow = "exec ping -D -i 0.02 -I " + ATTACKER + " 198.51.100.1 >" + log;
    Process traffic = attacker.start("sh", "-c", flow);
    try {
      await().atMost(LIMIT).until(() -> replies(log).size() > 5);
      ban(ATTACKER);
      await().atMost(LIMIT).until(() -> !pings(ATTACKER));
      for (String what : List.of("--reload", "--complete-reload", "restart", "stop")) {
        Instant begun = Instant.now();
        does(what);
        Instant mended = Instant.now().plus(SECONDS);
        Thread.sleep(SECONDS.plusSeconds(1).toMillis());
        assertThat(replies(log).stream().filter(reply -> reply.isAfter(begun)))
            .as(what)
            .allMatch(reply -> backend != Backend.NFTABLES && reply.isBefore(mended));
        assertThat(pings(OTHER)).isTrue();
        assertThat(agent.check()).isEmpty();
        if (backend != Backend.NFTABLES) {
          assertThat(
                  SavedRules.parse(relay.run(firewalld.tools().iptables() + "-save"))
                      .rules("INPUT"))
              .as(what)
              .startsWith("-j BANSTREAM")
              .containsOnlyOnce("-j BANSTREAM");
        }
      }
      assertThat(enforcements().get("manual").getFirewall()).isEqualTo("firewalld");
    } finally {
      traffic.destroy();
      agent.close();
    }
  }

  private static List<Instant> replies(Path log) throws IOException {
    List<Instant> replies = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      Matcher reply = REPLY.matcher(line);
      if (reply.matches()) {
        replies.add(Instant.ofEpochMilli((long) (Double.parseDouble(reply.group(1)) * 1000)));
      }
    }
    return replies;
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void whatIsFirewalldsStaysAsItIsAndAFlushLeavesNothing(Backend backend) throws Exception {
    firewalld = RunningFirewalld.start(relay, folder, backend);
    for (String more : List.of("--add-service=smtp", "--permanent --add-service=imaps")) {
      firewalld.run(more.split(" "));
    }
    firewalld.run("--add-rich-rule=rule family=ipv4 source address=192.0.2.7 reject");
    firewalld.run("--permanent", "--new-ipset=theirs", "--type=hash:ip");
    firewalld.run("--reload");
    firewalld.run("--direct --add-rule ipv4 filter INPUT_direct 0 -s 192.0.2.8 -j DROP".split(" "));
    String kernel = kernel();
    String told = told();
    try (EnforcerAgent agent = up()) {
      ban(ATTACKER);
      await().atMost(LIMIT).until(() -> !pings(ATTACKER));
      assertThat(told()).isEqualTo(told);
      assertThat(agent.check()).isEmpty();
    }
    assertThat(kernel()).isNotEqualTo(kernel).contains("198.51.100.2");
    firewalld.run("--runtime-to-permanent");
    assertThat(firewalld.run("--permanent", "--direct", "--get-all-rules"))
        .contains("192.0.2.8")
        .doesNotContain("banstream");
    assertThat(Flush.run(data, relay.prefix())).isNotEmpty();
    assertThat(kernel()).isEqualTo(kernel);
    assertThat(told()).isEqualTo(told);
  }

  private String kernel() {
    return FirewallState.of(relay, firewalld.tools());
  }

  private String told() {
    return firewalld.run("--direct", "--get-all-rules")
        + firewalld.run("--direct", "--get-all-chains")
        + firewalld.run("--direct", "--get-all-passthroughs")
        + firewalld.run("--list-all-zones");
  }
}
