package io.banstream.ingest;

import io.banstream.ingest.Checkpoint.FilePoint;
import io.banstream.ingest.Checkpoint.JournalPoint;
import io.banstream.jails.Jail;
import io.banstream.schemas.SourceStatus;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The sources that the jails name, from a checkpoint on. Used by the reading thread alone. */
final class Following implements Closeable {
  /** A journal is never read from further back than this at first. */
  private static final Duration FARTHEST = Duration.ofDays(30);

  private final Surroundings around;
  private final List<String> journalctl;
  private final Doorbell doorbell;
  private final Chunk chunk = new Chunk();

  private final Map<Path, FileSource> files = new TreeMap<>();
  private final Map<String, JournalSource> journals = new TreeMap<>();
  private final Optional<SyslogSource> syslog;

  /** Points of what no jail reads now: were it read again, its generations must not begin anew. */
  private final Map<String, FilePoint> idleFiles;

  private final Map<String, JournalPoint> idleJournals;

  /** The paths of each jail that say tail, once they were looked at. */
  private final Map<String, Set<String>> tails;

  private final StandIns standIns;

  private final Map<String, Trouble> troubles = new TreeMap<>();
  private boolean begun;
  private Duration firstLook = Duration.ZERO;

  Following(
      Checkpoint start,
      List<String> journalctl,
      Surroundings around,
      Doorbell doorbell,
      Optional<SyslogReceiver> receiver) {
    this.around = around;
    this.journalctl = journalctl;
    this.doorbell = doorbell;
    this.idleFiles = new HashMap<>(start.files());
    this.idleJournals = new HashMap<>(start.journals());
    this.tails = new HashMap<>(start.tails());
    this.standIns = new StandIns(start.standIns(), journalctl, around.told());
    this.syslog =
        receiver.map(
            r -> {
              FilePoint point = idleFiles.remove(SyslogSource.NAME);
              FilePoint from = point == null ? SyslogSource.beginning() : point;
              return new SyslogSource(r, from, chunk, around);
            });
  }

  /**
   * Follows what these jails name, and nothing else. To be called again now and then: for globs.
   */
  void follow(Map<String, Jail> jails) {
    begun = true;
    firstLook = firstLook(jails.values());
    troubles.keySet().retainAll(jails.keySet());
    tails.keySet().retainAll(jails.keySet());
    standIns.retain(jails.keySet());
    Set<String> onJournal = new HashSet<>();
    Map<Path, Set<String>> readers = new HashMap<>();
    Set<String> listeners = new HashSet<>();
    for (Jail jail : jails.values()) {
      Trouble trouble = troubles.computeIfAbsent(jail.name(), name -> new Trouble("jail " + name));
      try {
        Optional<JournalSource> now = Optional.ofNullable(journals.get(jail.name()));
        boolean hasLog = jail.sources().journalIfNoLogs() && hasLog(jail);
        if (standIns.journal(jail, hasLog, now)) {
          onJournal.add(jail.name());
          followJournal(jail);
          haveLookedAt(jail);
        } else if (jail.sources().syslog()) {
          followSyslog(jail, listeners);
        } else {
          followFiles(jail, readers);
        }
        trouble.over();
      } catch (IllegalArgumentException | IOException e) {
        trouble.is(String.valueOf(e.getMessage()));
      }
    }
    files
        .entrySet()
        .removeIf(
            f -> {
              Set<String> names = readers.getOrDefault(f.getKey(), Set.of());
              return !isRead(f.getKey(), f.getValue(), names);
            });
    journals.values().removeIf(j -> !isRead(j, onJournal));
    syslog.ifPresent(s -> s.retain(listeners));
    doorbell.watch(Set.copyOf(files.keySet()));
  }

  /**
   * Whose failures might still be behind a ban in force, of any jail: recidive's bans come of all
   * the others' lines.
   */
  private static Duration firstLook(Collection<Jail> jails) {
    Duration longest =
        jails.stream()
            .map(Jail::policy)
            .map(p -> p.bantime().orElse(FARTHEST).plus(p.findtime()))
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
    return longest.compareTo(FARTHEST) < 0 ? longest : FARTHEST;
  }

  private void followFiles(Jail jail, Map<Path, Set<String>> readers) throws IOException {
    Map<Path, Boolean> paths = paths(jail);
    for (Path path : paths.keySet()) {
      FileSource source = files.get(path);
      if (source == null) {
        FilePoint start = idleFiles.get(path.toString());
        source =
            new FileSource(
                path,
                start == null ? new FilePoint(Place.beginning(0), Map.of()) : start,
                chunk,
                around);
      }
      source.add(jail, paths.get(path));
      idleFiles.remove(path.toString());
      files.put(path, source);
      readers.computeIfAbsent(path, p -> new HashSet<>()).add(jail.name());
    }
    haveLookedAt(jail);
  }

  /** What comes to its paths from now on is read whole. */
  private void haveLookedAt(Jail jail) {
    if (jail.sources().tail().isEmpty()) {
      tails.remove(jail.name());
    } else {
      tails.put(jail.name(), Set.copyOf(jail.sources().tail()));
    }
  }

  /** Whether a log of its logpath is there, or was, when the jail read it: it is being rotated. */
  private boolean hasLog(Jail jail) throws IOException {
    for (String logpath : jail.sources().logpath()) {
      if (LogPaths.expand(logpath).stream().anyMatch(Files::exists)) {
        return true;
      }
    }
    return filePoints().entrySet().stream()
        .filter(f -> !f.getValue().place().fingerprint().equals(Fingerprint.NONE))
        .filter(f -> f.getValue().jails().containsKey(jail.name()))
        .anyMatch(f -> isOf(jail, Path.of(f.getKey())));
  }

  private static boolean isOf(Jail jail, Path log) {
    return jail.sources().logpath().stream()
        .anyMatch(logpath -> LogPaths.isOf(logpath, log) || Path.of(logpath).equals(log));
  }

  /**
   * What its logpath means now, with what a glob meant that is away in the midst of a rotation; and
   * whether the jail, were it new there, begins at the end: only at the first look for its path.
   * Where several mean a file, the first rules, as in fail2ban.
   */
  private Map<Path, Boolean> paths(Jail jail) throws IOException {
    Set<String> lookedAt = tails.getOrDefault(jail.name(), Set.of());
    Map<Path, Boolean> paths = new TreeMap<>();
    for (String logpath : jail.sources().logpath()) {
      boolean fromEnd = jail.sources().tail().contains(logpath) && !lookedAt.contains(logpath);
      LogPaths.expand(logpath).forEach(path -> paths.putIfAbsent(path, fromEnd));
      files.forEach(
          (path, source) -> {
            if (!source.isGone() && LogPaths.isOf(logpath, path)) {
              paths.putIfAbsent(path, fromEnd);
            }
          });
    }
    return paths;
  }

  private boolean isRead(Path path, FileSource source, Set<String> readers) {
    source.retain(readers);
    if (readers.isEmpty()) {
      idleFiles.put(path.toString(), source.point());
      source.close();
    }
    return !readers.isEmpty();
  }

  private void followSyslog(Jail jail, Set<String> listeners) {
    if (syslog.isEmpty()) {
      throw new IllegalArgumentException(
          "backend = syslog, and no --syslog says where messages come");
    }
    syslog.get().add(jail);
    listeners.add(jail.name());
  }

  private void followJournal(Jail jail) {
    JournalSource source = journals.get(jail.name());
    if (source != null && source.serves(jail)) {
      source.change(jail);
      return;
    }
    if (source != null) {
      idleJournals.put(jail.name(), source.point());
      journals.remove(jail.name()).close();
    }
    Optional<JournalPoint> start = Optional.ofNullable(idleJournals.get(jail.name()));
    journals.put(
        jail.name(), new JournalSource(jail, start, firstLook, journalctl, around, doorbell::ring));
    idleJournals.remove(jail.name());
  }

  private boolean isRead(JournalSource source, Set<String> onJournal) {
    boolean read = onJournal.contains(source.jail().name());
    if (!read) {
      idleJournals.put(source.jail().name(), source.point());
      source.close();
    }
    return read;
  }

  /**
   * Lets each source read for a while.
   *
   * @return whether there is more to read at once
   */
  boolean read() {
    boolean more = false;
    for (Source source : files.values()) {
      more |= source.read();
    }
    for (Source source : journals.values()) {
      more |= source.read();
    }
    if (begun && syslog.isPresent()) { // before the jails are known nothing may be passed over
      more |= syslog.get().read();
    }
    return more;
  }

  /** Whether the jails are known, and each source was read to its end once. */
  boolean isCaughtUp() {
    return begun && sources().allMatch(Source::isCaughtUp);
  }

  /** Whether a log waits to be on disk before it is read. */
  boolean isWaiting() {
    return files.values().stream().anyMatch(FileSource::isWaiting);
  }

  Checkpoint checkpoint() {
    Map<String, JournalPoint> journalPoints = new HashMap<>(idleJournals);
    journals.forEach((jail, source) -> journalPoints.put(jail, source.point()));
    return new Checkpoint(
        around.incarnation(), filePoints(), journalPoints, tails, standIns.now(journals));
  }

  private Map<String, FilePoint> filePoints() {
    Map<String, FilePoint> points = new HashMap<>(idleFiles);
    files.forEach((path, source) -> points.put(path.toString(), source.point()));
    syslog.ifPresent(s -> points.put(SyslogSource.NAME, s.point()));
    return points;
  }

  /** Gives up of the spool what the broker has. */
  void prune(Checkpoint acknowledged) {
    FilePoint point = acknowledged.files().get(SyslogSource.NAME);
    if (point != null) {
      syslog.ifPresent(s -> s.prune(point.place().generation()));
    }
  }

  List<SourceStatus> status() {
    return sources().map(Source::status).toList();
  }

  /** What is wrong with the jails and the sources now. */
  Stream<String> problems() {
    Stream<String> ofJails =
        troubles.entrySet().stream()
            .flatMap(t -> t.getValue().now().map(p -> "jail " + t.getKey() + ": " + p).stream());
    Stream<String> ofSources =
        status().stream()
            .filter(s -> s.getError() != null)
            .map(s -> s.getSource() + ": " + s.getError());
    return Stream.concat(ofJails, ofSources);
  }

  private Stream<Source> sources() {
    return Stream.of(files.values().stream(), journals.values().stream(), syslog.stream())
        .flatMap(sources -> sources);
  }

  @Override
  public void close() {
    sources().forEach(Source::close);
  }
}
