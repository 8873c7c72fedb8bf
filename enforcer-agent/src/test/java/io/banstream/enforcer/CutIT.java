package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.jails.Enforcement;
import io.banstream.schemas.Key;
import io.banstream.schemas.Verdict;
import io.banstream.testkit.Netns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that stand when their peer is banned. */
class CutIT extends EnforcerOnBroker {
  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void needed() {
    Netns.assumeAvailable("ss", "nc");
  }

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private void push(boolean cut) throws Exception {
    Enforcement enforcement =
        new Enforcement(
            List.of(IptablesScriptTest.closure("25,2525:2530", "tcp", "INPUT", "DROP")),
            List.of(),
            cut);
    put(kafka.topics().jails(), Key.of("default", "sasl"), jail("sasl", enforcement));
  }

  private void banInSasl(String address) throws Exception {
    decide("sasl", Verdict.BAN, address, "*", Instant.now().plusSeconds(600));
  }

  /** A server's end and a client's end of one connection. */
  private record Talk(Process server, Process client) {
    boolean isOver() {
      return !server.isAlive() && !client.isAlive();
    }
  }

  /**
   * @param family as nc is told to listen: {@code -4}, or {@code -6} for a server of both
   */
  private Talk talk(String family, int port, String from) throws Exception {
    Process server = relay.start("nc", family, "-l", Integer.toString(port));
    started.add(server);
    String port0 = ":" + port;
    await().atMost(LIMIT).until(() -> relay.run("ss", "-Htln").contains(port0 + " "));
    Process client = attacker.start("nc", "-s", from, "198.51.100.1", Integer.toString(port));
    started.add(client);
    await().atMost(LIMIT).until(() -> connections().stream().anyMatch(c -> c.port() == port));
    return new Talk(server, client);
  }

  private List<Connection> connections() {
    return relay
        .run("ss", "-Htn")
        .lines()
        .flatMap(line -> Connection.parse(line).stream())
        .toList();
  }

  @Test
  void aBanClosesTheConnectionsOfItsAddressToTheJailsPorts() throws Exception {
    push(true);
    try (EnforcerAgent agent = up()) {
      Talk one = talk("-4", 25, ATTACKER);
      Talk mapped = talk("-6", 2527, ATTACKER);
      Talk elsewhere = talk("-4", 26, ATTACKER);
      Talk others = talk("-4", 2525, OTHER);
      decide("manual", Verdict.BAN, "192.0.2.1", "*", Instant.now().plusSeconds(600));
      banInSasl(ATTACKER);
      await().atMost(LIMIT).until(() -> one.isOver() && mapped.isOver());
      assertThat(connections()).extracting(Connection::port).containsExactlyInAnyOrder(26, 2525);
      banInSasl("198.51.100.2/31");
      await().atMost(LIMIT).until(others::isOver);
      assertThat(elsewhere.isOver()).isFalse();
      assertThat(agent.check()).isEmpty();
    }
  }

  @Test
  void aJailCutsFromWhenItSaysSoAndNotBefore() throws Exception {
    push(false);
    try (EnforcerAgent agent = up()) {
      Talk talk = talk("-4", 25, ATTACKER);
      banInSasl(ATTACKER);
      awaitBanned(ATTACKER);
      banInSasl(OTHER);
      awaitBanned(OTHER);
      assertThat(talk.isOver()).isFalse();
      push(true);
      await().atMost(LIMIT).until(talk::isOver);
      assertThat(agent.check()).isEmpty();
    }
  }

  @Test
  void whatWasBannedWhileNoEnforcerRanIsCutByTheNext() throws Exception {
    push(true);
    up().close();
    Talk talk = talk("-4", 25, ATTACKER);
    banInSasl(ATTACKER);
    assertThat(talk.isOver()).isFalse();
    try (EnforcerAgent agent = up()) {
      await().atMost(LIMIT).until(talk::isOver);
      assertThat(agent.check()).isEmpty();
    }
  }

  @Test
  void aDryRunSaysWhatItWouldClose() throws Exception {
    push(true);
    try (EnforcerAgent agent = up(FirewallKind.DRY_RUN)) {
      Talk talk = talk("-4", 25, ATTACKER);
      banInSasl(ATTACKER);
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  printed.stream()
                      .anyMatch(
                          line ->
                              line.matches(
                                  "ss -Ktn '\\( src 198.51.100.1:25 and dst 198.51.100.2:\\d+ \\)'")));
      assertThat(talk.isOver()).isFalse();
      assertThat(agent.check()).isEmpty();
    }
  }

  /**
   * As on a kernel without INET_DIAG_DESTROY, whose {@code ss -K} says nothing, and does nothing.
   */
  @Test
  void whatAKernelCanNotCloseIsToldAndTheBanHolds() throws Exception {
    Path ss = folder.resolve("ss");
    Files.writeString(
        ss, "#!/bin/sh\ncase $1 in -K*) ;; *) PATH=${PATH#*:} exec ss \"$@\" ;; esac\n");
    Files.setPosixFilePermissions(ss, PosixFilePermissions.fromString("rwxr-xr-x"));
    push(true);
    List<String> prefix = new ArrayList<>(relay.prefix());
    prefix.addAll(List.of("env", "PATH=" + folder + ":/usr/bin:/bin:/usr/sbin:/sbin"));
    EnforcerSettings s = settings(kafka);
    EnforcerSettings old =
        new EnforcerSettings(
            s.kafka(),
            s.host(),
            s.group(),
            s.data(),
            s.firewall(),
            s.clock(),
            prefix,
            s.actions(),
            s.banLog(),
            s.dryRunOutput());
    try (EnforcerAgent agent = EnforcerAgent.start(old)) {
      agent.ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      talk("-4", 25, ATTACKER);
      banInSasl(ATTACKER);
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(agent.check().orElse("")).contains("INET_DIAG_DESTROY"));
      awaitBanned(ATTACKER);
    }
  }
}
