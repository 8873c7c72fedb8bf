package io.banstream.enforcer;

import io.banstream.jails.ActionCommands;
import io.banstream.schemas.Address;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Has the jails' other actions done what the bans ask for, beside the firewall and without keeping
 * it: each action in a {@link ActionLane} of its own, four at a time. What is done stays when this
 * ends.
 */
final class Actions implements AutoCloseable {
  private static final int AT_ONCE = 4;
  private static final long CLOSE_SECONDS = 5;

  private final ActionJournal journal;
  private final ActionLane.Runner runner;
  private final InstantSource clock;
  private final Instant begun;

  /** By jail, then by the action's name. */
  private final Map<String, Map<String, ActionLane>> lanes = new TreeMap<>();

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          AT_ONCE,
          task -> {
            Thread thread = new Thread(task, "enforcer-action");
            thread.setDaemon(true);
            return thread;
          });

  /** Takes up what the journal says was done. */
  Actions(ActionJournal journal, ActionLane.Runner runner, InstantSource clock) {
    this.journal = journal;
    this.runner = runner;
    this.clock = clock;
    this.begun = clock.instant();
    for (ActionJournal.Running left : journal.read()) {
      lane(left.jail(), left.commands().name()).resume(left);
    }
  }

  private ActionLane lane(String jail, String name) {
    return lanes
        .computeIfAbsent(jail, j -> new TreeMap<>())
        .computeIfAbsent(name, n -> new ActionLane(jail, n, journal, runner, clock, begun));
  }

  /**
   * From now on this is wanted.
   *
   * @param actions of each jail that has any
   */
  synchronized void want(Map<String, List<ActionCommands>> actions, Map<Entry, ActionBan> bans) {
    Map<String, Map<Address, ActionBan>> byJail = new HashMap<>();
    bans.forEach(
        (entry, ban) ->
            byJail.computeIfAbsent(entry.jail(), j -> new HashMap<>()).put(entry.address(), ban));
    Map<String, Map<String, ActionCommands>> named = new HashMap<>();
    actions.forEach(
        (jail, all) ->
            all.forEach(
                commands -> {
                  named.computeIfAbsent(jail, j -> new HashMap<>()).put(commands.name(), commands);
                  lane(jail, commands.name());
                }));
    lanes.forEach(
        (jail, ofJail) ->
            ofJail.forEach(
                (name, lane) -> {
                  lane.want(
                      Optional.ofNullable(named.getOrDefault(jail, Map.of()).get(name)),
                      byJail.getOrDefault(jail, Map.of()));
                  lane.hurry(threads);
                }));
  }

  /** From now on this is wanted of one entry. */
  synchronized void want(Entry entry, Optional<ActionBan> ban) {
    for (ActionLane lane : lanes.getOrDefault(entry.jail(), Map.of()).values()) {
      lane.want(entry.address(), ban);
      lane.hurry(threads);
    }
  }

  /** An action that went wrong last time. */
  synchronized Optional<String> problem() {
    return lanes.values().stream()
        .flatMap(ofJail -> ofJail.values().stream())
        .flatMap(lane -> lane.problem().stream())
        .findFirst();
  }

  /** Kills what runs; what was done stays done. */
  @Override
  public void close() throws InterruptedException {
    threads.shutdownNow();
    threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
