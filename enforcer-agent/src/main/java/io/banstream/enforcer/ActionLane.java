package io.banstream.enforcer;

import io.banstream.jails.ActionCommands;
import io.banstream.jails.ShellCommand;
import io.banstream.schemas.Address;
import io.banstream.schemas.Reason;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One action of one jail: brings what it has done to what is wanted, one command after the other. A
 * command that fails is told, and counts as done, as in fail2ban; then {@code actioncheck} is
 * asked, and where it fails too, the action is stopped, started and tried once more. For several
 * threads.
 */
final class ActionLane {
  /** Runs a line of the shell and gives its exit code. */
  interface Runner {
    int run(String line) throws IOException, InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(ActionLane.class);

  private final String jail;
  private final String name;
  private final ActionJournal journal;
  private final Runner runner;
  private final InstantSource clock;
  private final Instant begun;

  /** As the jail has it now; empty: the jail has it no more. */
  private Optional<ActionCommands> wanted = Optional.empty();

  /** As it was started. */
  private Optional<ActionCommands> running = Optional.empty();

  private Map<Address, ActionBan> bans = new HashMap<>();
  private final Map<Address, ActionBan> done = new HashMap<>();
  private final Set<Address> due = new LinkedHashSet<>();
  private boolean busy;
  private String told = "";

  /**
   * @param begun when the enforcer did: bans from before are restored
   */
  ActionLane(
      String jail,
      String name,
      ActionJournal journal,
      Runner runner,
      InstantSource clock,
      Instant begun) {
    this.jail = jail;
    this.name = name;
    this.journal = journal;
    this.runner = runner;
    this.clock = clock;
    this.begun = begun;
  }

  /** Takes up what an enforcer before this one left. */
  synchronized void resume(ActionJournal.Running left) {
    running = Optional.of(left.commands());
    done.putAll(left.bans());
  }

  /**
   * Takes back what an enforcer that runs no more has left.
   *
   * @return what was taken back
   */
  static String undo(
      ActionJournal.Running left, ActionJournal journal, Runner runner, InstantSource clock)
      throws InterruptedException {
    String name = left.commands().name();
    ActionLane lane = new ActionLane(left.jail(), name, journal, runner, clock, clock.instant());
    lane.resume(left);
    lane.undo();
    return "action " + lane.printed() + " of jail " + left.jail();
  }

  /** From now on this is wanted. */
  synchronized void want(Optional<ActionCommands> commands, Map<Address, ActionBan> all) {
    wanted = commands;
    bans = new HashMap<>(all);
    all.keySet().stream().filter(address -> !done.containsKey(address)).forEach(due::add);
    done.keySet().stream().filter(address -> !bans.containsKey(address)).forEach(due::add);
  }

  /** From now on this is wanted of one address. */
  synchronized void want(Address address, Optional<ActionBan> ban) {
    ban.ifPresentOrElse(b -> bans.put(address, b), () -> bans.remove(address));
    if (ban.isPresent() != done.containsKey(address)) {
      due.add(address);
    }
  }

  /** Does what there is to do, by one thread at a time. */
  synchronized void hurry(Executor threads) {
    if (!busy && hasWork()) {
      busy = true;
      try {
        threads.execute(this::work);
      } catch (RejectedExecutionException e) {
        busy = false; // closed
      }
    }
  }

  private boolean hasWork() {
    return !running.equals(wanted) || running.isPresent() && !due.isEmpty();
  }

  private void work() {
    try {
      while (isBusy()) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (RuntimeException e) {
      LOG.error("jail {}: action {}", jail, printed(), e);
      rest();
    }
  }

  private synchronized boolean isBusy() {
    busy = hasWork();
    return busy;
  }

  private synchronized void rest() {
    busy = false;
  }

  private void step() throws InterruptedException {
    Optional<ActionCommands> before;
    Optional<ActionCommands> after;
    synchronized (this) {
      before = running;
      after = wanted;
    }
    if (before.isPresent() && !before.equals(after)) {
      undo();
    } else if (before.isPresent()) {
      next(before.get());
    } else if (after.isPresent()) {
      start(after.get());
    }
  }

  private void start(ActionCommands commands) throws InterruptedException {
    journal.start(jail, commands);
    synchronized (this) {
      running = Optional.of(commands);
      due.addAll(bans.keySet());
    }
    runAll("actionstart", commands);
  }

  /** Takes everything back: by {@code actionflush} where there is one, then {@code actionstop}. */
  private void undo() throws InterruptedException {
    ActionCommands commands;
    Map<Address, ActionBan> left;
    synchronized (this) {
      commands = running.orElseThrow();
      left = new HashMap<>(done);
    }
    boolean flushes = !commands.commands("actionflush").isEmpty();
    if (flushes && !left.isEmpty()) {
      runAll("actionflush", commands);
    }
    for (Map.Entry<Address, ActionBan> ban : left.entrySet()) {
      if (!flushes) {
        unban(commands, ban.getKey(), ban.getValue());
      }
    }
    runAll("actionstop", commands);
    journal.stop(jail, name);
    synchronized (this) {
      running = Optional.empty();
      done.clear();
      due.clear(); // the next start makes them due
      told = "";
    }
  }

  private void next(ActionCommands commands) throws InterruptedException {
    Address address;
    ActionBan want;
    ActionBan have;
    synchronized (this) {
      if (due.isEmpty()) {
        return;
      }
      address = due.iterator().next();
      due.remove(address);
      want = bans.get(address);
      have = done.get(address);
    }
    if (want != null && have == null && want.until().isAfter(clock.instant())) {
      ban(commands, address, want);
    } else if (want == null && have != null) {
      unban(commands, address, have);
      synchronized (this) {
        done.remove(address);
      }
    }
  }

  private void ban(ActionCommands commands, Address address, ActionBan ban)
      throws InterruptedException {
    boolean restored = ban.from().isBefore(begun);
    Optional<String> line = line("actionban", commands, address, ban);
    if (line.isEmpty()) {
      return;
    }
    journal.ban(jail, name, address, ban);
    synchronized (this) {
      done.put(address, ban);
    }
    if (restored && commands.isNoRestored() || run("actionban", line.get())) {
      return;
    }
    for (String check : commands.commands("actioncheck")) {
      if (!run("actioncheck", check)) {
        runAll("actionstop", commands);
        runAll("actionstart", commands);
        run("actionban", line.get());
        return;
      }
    }
  }

  private void unban(ActionCommands commands, Address address, ActionBan ban)
      throws InterruptedException {
    journal.unban(jail, name, address);
    Optional<String> line = line("actionunban", commands, address, ban);
    if (line.isPresent()) {
      run("actionunban", line.get());
    }
  }

  /** The line for an address; empty where there is none, or it can't be run, which is told. */
  private Optional<String> line(
      String key, ActionCommands commands, Address address, ActionBan ban) {
    String family = Family.of(address) == Family.V6 ? "inet6" : "inet4";
    boolean restored = ban.from().isBefore(begun);
    return commands
        .command(key, family)
        .flatMap(line -> filled(key, line, tag -> ban.word(tag, address, restored)));
  }

  private Optional<String> filled(String key, String line, Function<String, String> values) {
    try {
      return Optional.of(ActionCommands.fill(line, values));
    } catch (IllegalArgumentException e) {
      tell(key + " is not run: " + e.getMessage());
      return Optional.empty();
    }
  }

  private void runAll(String key, ActionCommands commands) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    for (String line : commands.commands(key)) {
      filled(
              key,
              line,
              tag -> {
                throw new IllegalArgumentException("<" + tag + "> has a value at a ban only");
              })
          .ifPresent(lines::add);
    }
    for (String line : lines) {
      run(key, line);
    }
  }

  private boolean run(String key, String line) throws InterruptedException {
    try {
      int exit = runner.run(line);
      tell(
          switch (exit) {
            case 0 -> "";
            case ShellCommand.KILLED -> key + " took too long, and was killed";
            default -> key + " ended with " + exit;
          });
      return exit == 0;
    } catch (IOException e) {
      tell(key + " can't be run: " + Reason.of(e));
      return false;
    }
  }

  private synchronized void tell(String what) {
    if (!what.isEmpty() && !what.equals(told)) {
      LOG.warn("jail {}: action {}: {}", jail, printed(), what);
    }
    told = what;
  }

  private String printed() {
    return name.replaceAll("\\p{Cntrl}", "?");
  }

  /** What went wrong last, until something went well. */
  synchronized Optional<String> problem() {
    return told.isEmpty()
        ? Optional.empty()
        : Optional.of("jail " + jail + ": action " + printed() + ": " + told);
  }
}
