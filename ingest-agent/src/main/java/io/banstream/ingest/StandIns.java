package io.banstream.ingest;

import io.banstream.jails.Jail;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which jails read the journal because this host has none of their logs (fail2ban's {@code
 * systemd_if_nologs}).
 *
 * <p>What the journal told may stand in the logs too. So a jail stays with the journal once that
 * told of a failure, and goes over to a log that comes while it did not: nothing is counted twice,
 * and of the log nothing is left out. A jail that has ever read a log waits for it.
 */
final class StandIns {
  private final String journalctl;
  private final Told told;

  /** By jail, whether the journal told of a failure. */
  private final Map<String, Boolean> jails;

  /**
   * @param journalctl the words that start it
   */
  StandIns(Map<String, Boolean> jails, List<String> journalctl, Told told) {
    this.jails = new HashMap<>(jails);
    this.journalctl = journalctl.get(0);
    this.told = told;
  }

  /** Forgets all but these. */
  void retain(Set<String> names) {
    jails.keySet().retainAll(names);
  }

  /**
   * Whether the jail reads the journal now.
   *
   * @param hasLog whether one of its logs is there, or was when it read it
   * @param source what it reads the journal by, if it does
   */
  boolean journal(Jail jail, boolean hasLog, Optional<JournalSource> source) {
    if (!jail.sources().journalIfNoLogs()) {
      jails.remove(jail.name());
      return jail.sources().journal();
    }
    source.ifPresent(this::note);
    Boolean found = jails.get(jail.name());
    if (found == null) {
      choose(jail.name(), hasLog);
    } else if (hasLog && !found && source.filter(JournalSource::isCaughtUp).isPresent()) {
      jails.remove(jail.name());
      say(jail.name(), "a log of its logpath is there now and is read, no longer the journal");
    } else {
      String more = hasLog ? "; it stays with it, though a log is there now" : "";
      say(jail.name(), "reads the journal in place of logs that are not there" + more);
    }
    return jails.containsKey(jail.name());
  }

  private void note(JournalSource source) {
    jails.computeIfPresent(source.jail().name(), (jail, found) -> found || source.hasFound());
  }

  private void choose(String jail, boolean hasLog) {
    if (hasLog) {
      return; // as every jail of files
    }
    if (isThere()) {
      jails.put(jail, false);
      say(jail, "reads the journal in place of logs that are not there");
    } else {
      say(jail, "none of its logs is there, nor " + journalctl + ": waits for them");
    }
  }

  private void say(String jail, String what) {
    told.is("jail " + jail, what);
  }

  private boolean isThere() {
    if (journalctl.contains("/")) {
      return Files.isExecutable(Path.of(journalctl));
    }
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    return Stream.of(path.split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, journalctl)));
  }

  /** As they are now, for the checkpoint. */
  Map<String, Boolean> now(Map<String, JournalSource> journals) {
    journals.values().forEach(this::note);
    return Map.copyOf(jails);
  }
}
