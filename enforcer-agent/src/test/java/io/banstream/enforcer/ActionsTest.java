package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.jails.ActionCommands;
import io.banstream.jails.ShellCommand;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the shell that there is: each command writes what it was told. */
class ActionsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Instant START = Instant.parse("2026-11-26T22:00:00Z");
  private static final Entry ONE = entry("192.0.2.1");
  private static final Entry TWO = entry("2001:db8::2");

  @TempDir Path folder;
  private final Map<Entry, ActionBan> bans = new HashMap<>();
  private String boot = "first";

  private static Entry entry(String address) {
    return new Entry("sasl", Address.parse(address));
  }

  private static ActionBan ban(long fromSeconds) {
    Instant from = START.plusSeconds(fromSeconds);
    return new ActionBan(from, from.plusSeconds(600), 3, 2);
  }

  private Path out() {
    return folder.resolve("out");
  }

  /** An action whose every command writes a line; {@code more} go behind it. */
  private ActionCommands writing(String name, Map<String, String> more) {
    Map<String, String> lines = new HashMap<>();
    for (String key : List.of("start", "stop", "ban", "unban")) {
      String values = key.endsWith("ban") ? " <ip> <family> <restored>" : "";
      lines.put("action" + key, "echo '" + name + " " + key + values + "' >>" + out());
    }
    lines.putAll(more);
    return new ActionCommands(name, lines, lines);
  }

  private ActionJournal journal() {
    return ActionJournal.in(folder, boot);
  }

  private Actions actions() {
    return new Actions(
        journal(), new ShellCommand(List.of(), Duration.ofSeconds(5))::run, () -> START);
  }

  private void want(Actions actions, ActionCommands... commands) {
    actions.want(Map.of("sasl", List.of(commands)), bans);
  }

  private static void awaitLines(Path file, String... lines) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(Files.exists(file) ? Files.readAllLines(file) : List.of())
                    .isEqualTo(List.of(lines)));
  }

  @Test
  void itIsStartedBeforeTheFirstBanAndAnUnbanIsToldAsItsBanWas() throws Exception {
    bans.put(ONE, ban(1));
    try (Actions actions = actions()) {
      want(actions, writing("a", Map.of()));
      awaitLines(out(), "a start", "a ban 192.0.2.1 inet4 0");
      actions.want(TWO, Optional.of(ban(-5)));
      actions.want(ONE, Optional.empty());
      awaitLines(
          out(),
          "a start",
          "a ban 192.0.2.1 inet4 0",
          "a ban 2001:db8::2 inet6 1",
          "a unban 192.0.2.1 inet4 0");
    }
  }

  @Test
  void aRestartDoesNothingTwiceAndUndoesWhatIsOver() throws Exception {
    bans.put(ONE, ban(1));
    bans.put(TWO, ban(2));
    try (Actions actions = actions()) {
      want(actions, writing("a", Map.of()));
      await().atMost(LIMIT).until(() -> lines(out()).size() == 3);
    }
    Files.delete(out());
    bans.remove(ONE);
    try (Actions actions = actions()) {
      want(actions, writing("a", Map.of()));
      awaitLines(out(), "a unban 192.0.2.1 inet4 0");
    }
  }

  @Test
  void afterABootAllIsDoneAnew() throws Exception {
    bans.put(ONE, ban(-1));
    try (Actions actions = actions()) {
      want(actions, writing("a", Map.of()), writing("b", Map.of("norestored", "1")));
      await().atMost(LIMIT).until(() -> lines(out()).size() == 3);
    }
    Files.delete(out());
    boot = "second";
    try (Actions actions = actions()) {
      want(actions, writing("a", Map.of()));
      awaitLines(out(), "a start", "a ban 192.0.2.1 inet4 1");
    }
  }

  @Test
  void anActionThatIsChangedOrGoneIsUndoneAsItWasDone() throws Exception {
    bans.put(ONE, ban(1));
    try (Actions actions = actions()) {
      want(actions, writing("a", Map.of()));
      awaitLines(out(), "a start", "a ban 192.0.2.1 inet4 0");
    }
    try (Actions actions = actions()) {
      want(actions, writing("a", Map.of("actionban", "echo other >>" + out())));
      awaitLines(
          out(),
          "a start",
          "a ban 192.0.2.1 inet4 0",
          "a unban 192.0.2.1 inet4 0",
          "a stop",
          "a start",
          "other");
      Files.delete(out());
      actions.want(Map.of(), Map.of());
      awaitLines(out(), "a unban 192.0.2.1 inet4 0", "a stop");
      want(actions, writing("a", Map.of("actionflush", "echo flush >>" + out())));
      awaitLines(
          out(), "a unban 192.0.2.1 inet4 0", "a stop", "a start", "a ban 192.0.2.1 inet4 0");
      Files.delete(out());
      actions.want(Map.of(), Map.of());
      awaitLines(out(), "flush", "a stop");
    }
  }

  @Test
  void aCommandThatFailsIsToldAndKeepsNoOther() throws Exception {
    bans.put(ONE, ban(1));
    try (Actions actions = actions()) {
      want(actions, writing("a", Map.of("actionban", "exit 3")), writing("b", Map.of()));
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(actions.problem())
                      .contains("jail sasl: action a: actionban ended with 3"));
      await().atMost(LIMIT).until(() -> lines(out()).contains("b ban 192.0.2.1 inet4 0"));
    }
  }

  @Test
  void aCommandThatDoesNotEndIsKilled() throws Exception {
    bans.put(ONE, ban(1));
    try (Actions actions = actions()) {
      want(actions, writing("a", Map.of("actionban", "sleep 600")));
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(actions.problem())
                      .contains("jail sasl: action a: actionban took too long, and was killed"));
      actions.want(ONE, Optional.empty());
      awaitLines(out(), "a start", "a unban 192.0.2.1 inet4 0");
      await().atMost(LIMIT).until(() -> actions.problem().isEmpty());
    }
  }

  @Test
  void whatIsNotAsTheActionCheckWantsItIsStartedAnew() throws Exception {
    bans.put(ONE, ban(1));
    Path there = folder.resolve("there");
    ActionCommands commands =
        writing(
            "a",
            Map.of(
                "actionban", "test -e " + there + " && echo banned >>" + out(),
                "actioncheck", "test -e " + there,
                "actionstop", "touch " + there));
    try (Actions actions = actions()) {
      want(actions, commands);
      awaitLines(out(), "a start", "a start", "banned");
    }
  }

  @Test
  void manyBansOfWhichSomeAreLiftedMeanwhileComeToWhatIsWanted() throws Exception {
    Map<Entry, ActionBan> many = new HashMap<>();
    IntStream.range(0, 60).forEach(i -> many.put(entry("192.0.2." + i), ban(1)));
    Path held = Files.createDirectory(folder.resolve("held"));
    ActionCommands commands =
        writing(
            "a",
            Map.of(
                "actionban", "mkdir " + held + "/<ip>", "actionunban", "rmdir " + held + "/<ip>"));
    try (Actions actions = actions()) {
      actions.want(Map.of("sasl", List.of(commands)), many);
      IntStream.range(0, 30)
          .forEach(i -> actions.want(entry("192.0.2." + 2 * i), Optional.empty()));
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(held.toFile().list())
                      .containsExactlyInAnyOrder(
                          IntStream.range(0, 30)
                              .mapToObj(i -> "192.0.2." + (2 * i + 1))
                              .toArray(String[]::new)));
      assertThat(actions.problem()).isEmpty();
    }
  }

  @Test
  void theJournalsTextIsFrozen() throws Exception {
    ActionJournal journal = journal();
    ActionCommands commands =
        new ActionCommands("a b", Map.of("actionban", "x <ip>\ny"), Map.of("actionban", "z."));
    journal.start("sasl", commands);
    journal.ban("sasl", "a b", ONE.address(), ban(0));
    journal.ban("sasl", "a b", TWO.address(), new ActionBan(START, Change.FOR_EVER, 5, 1));
    journal.unban("sasl", "a b", ONE.address());
    assertThat(folder.resolve("actions"))
        .hasContent(
            """
            banstream actions 1 of boot first
            start sasl a+b inet4 actionban x+%3Cip%3E%0Ay inet6 actionban z. .
            ban sasl a+b 192.0.2.1 1795730400000 1795731000000 3 2 .
            ban sasl a+b 2001:db8::2 1795730400000 - 5 1 .
            unban sasl a+b 192.0.2.1 .
            """);
    Files.writeString(
        folder.resolve("actions"),
        Files.readString(folder.resolve("actions")) + "ban sasl a+b 192.0.2.9 17957304");
    assertThat(journal.read())
        .containsExactly(
            new ActionJournal.Running(
                "sasl",
                commands,
                Map.of(TWO.address(), new ActionBan(START, Change.FOR_EVER, 5, 1))));
    boot = "second";
    assertThat(journal().read()).isEmpty();
  }

  @Test
  void aFlushTakesBackWhatWasDone() throws Exception {
    bans.put(ONE, ban(1));
    List<String> done = new ArrayList<>();
    try (Actions actions = actions()) {
      want(actions, writing("a", Map.of()));
      awaitLines(out(), "a start", "a ban 192.0.2.1 inet4 0");
    }
    ActionJournal journal = journal();
    for (ActionJournal.Running left : journal.read()) {
      done.add(
          ActionLane.undo(
              left, journal, new ShellCommand(List.of(), LIMIT)::run, InstantSource.system()));
    }
    assertThat(done).containsExactly("action a of jail sasl");
    assertThat(lines(out()))
        .contains("a stop")
        .anyMatch(line -> line.startsWith("a unban 192.0.2.1 inet4"));
    assertThat(journal().read()).isEmpty();
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}
