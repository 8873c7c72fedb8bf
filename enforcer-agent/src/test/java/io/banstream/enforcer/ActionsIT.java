package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.jails.ActionCommands;
import io.banstream.jails.Enforcement;
import io.banstream.jails.Enforcement.ActionCall;
import io.banstream.schemas.Key;
import io.banstream.schemas.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Actions of jails on a real broker, beside a real kernel. */
class ActionsIT extends EnforcerOnBroker {
  @TempDir Path folder;

  private Path out() {
    return folder.resolve("out");
  }

  /** As Debian's {@code route}, within the relay's namespace. */
  private static ActionCommands route() {
    Map<String, String> lines =
        Map.of(
            "actionban",
            "ip route add <blocktype> <ip>".replace("<blocktype>", "unreachable"),
            "actionunban",
            "ip route del unreachable <ip>");
    return new ActionCommands("route", lines, lines);
  }

  private ActionCommands failing() {
    Map<String, String> lines =
        Map.of("actionban", "echo <ip> <failures> <bantime> <bancount> >>" + out() + "; exit 1");
    return new ActionCommands("failing", lines, lines);
  }

  private void push(Enforcement enforcement) throws Exception {
    put(kafka.topics().jails(), Key.of("default", "sasl"), jail("sasl", enforcement));
  }

  private static Enforcement with(List<Enforcement.Closure> closures, ActionCommands commands) {
    return new Enforcement(
        closures, List.of(new ActionCall(commands.name(), Map.of(), Optional.of(commands))), false);
  }

  private void banInSasl(String address) throws Exception {
    decide("sasl", Verdict.BAN, address, "*", Instant.now().plusSeconds(600));
  }

  private String routes() {
    return relay.run("ip", "route", "show", "type", "unreachable");
  }

  private List<String> lines() throws IOException {
    return Files.exists(out()) ? Files.readAllLines(out()) : List.of();
  }

  @Test
  void aJailThatClosesNothingBansByItsActionsOnAHostThatAllowsThem() throws Exception {
    push(with(List.of(), route()));
    banInSasl("192.0.2.1");
    EnforcerAgent without = up();
    try {
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(enforcements())
                      .hasEntrySatisfying(
                          "sasl",
                          told ->
                              assertThat(told.getSkipped())
                                  .extracting(s -> s.getAddress() + ": " + s.getWhy())
                                  .containsExactly("192.0.2.1: the jail bans nobody")));
      assertThat(routes()).isEmpty();
    } finally {
      without.close();
    }
    actions = true;
    EnforcerAgent first = up();
    await().atMost(LIMIT).until(() -> routes().contains("192.0.2.1"));
    assertThat(first.check()).isEmpty();
    first.close();
    assertThat(routes()).as("it stays").contains("192.0.2.1");
    EnforcerAgent second = up();
    try {
      banInSasl("192.0.2.2");
      await().atMost(LIMIT).until(() -> routes().contains("192.0.2.2"));
      assertThat(second.check()).as("a route that is there can't be added").isEmpty();
      decide("sasl", Verdict.UNBAN, "192.0.2.1", "*", Instant.now());
      await().atMost(LIMIT).until(() -> !routes().contains("192.0.2.1"));
    } finally {
      second.close();
    }
    assertThat(Flush.run(data, relay.prefix())).contains("action route of jail sasl");
    assertThat(routes()).isEmpty();
  }

  @Test
  void anActionThatFailsHindersNoBanAndIsTold() throws Exception {
    actions = true;
    push(with(List.of(closure("tcp")), failing()));
    EnforcerAgent agent = up();
    try {
      banInSasl(ATTACKER);
      awaitBanned(ATTACKER);
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(agent.check())
                      .contains("jail sasl: action failing: actionban ended with 1"));
      assertThat(lines()).hasSize(1).allMatch(l -> l.matches(ATTACKER + " 3 (600|599) 1"));
      put(kafka.topics().jails(), Key.of("default", "sasl"), jail("sasl", closure("tcp")));
      await().atMost(LIMIT).until(() -> agent.check().isEmpty());
    } finally {
      agent.close();
    }
  }
}
