package io.banstream.ingest;

import io.banstream.ingest.Checkpoint.FilePoint;
import io.banstream.jails.Jail;
import io.banstream.jails.Match;
import io.banstream.schemas.SourceStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A log file: one tail, that feeds every jail that reads it. */
final class FileSource implements Source, Tail.Lines {
  /** Bytes read at one go, so that a long log does not keep the others waiting. */
  private static final long BUDGET = 4 << 20;

  /** A log that is away for no longer is being rotated: no trouble. */
  private static final Duration ROTATING = Duration.ofSeconds(3);

  private final String path;
  private final Tail tail;
  private final Surroundings around;
  private final Outbox outbox;
  private final Map<String, JailOnFile> jails = new TreeMap<>();
  private final Map<String, Mark> marks;
  private final Trouble trouble;
  private Instant now = Instant.EPOCH;
  private Optional<Instant> missingSince = Optional.empty();
  private boolean begun;
  private boolean waiting;
  private boolean rewind = true;
  private boolean caughtUp;
  private long lines;
  private long overlong;

  FileSource(Path path, FilePoint start, Chunk chunk, Surroundings around) {
    this.path = path.toString();
    this.tail = new Tail(path, start.place(), chunk);
    this.around = around;
    this.outbox = new Outbox(around, this.path);
    this.marks = new TreeMap<>(start.jails());
    this.trouble = new Trouble(this.path);
  }

  /**
   * Has this jail read the log from now on. One that is new reads the present file from its
   * beginning, as an agent does that is new: bans still in force are found.
   *
   * @throws IllegalArgumentException if a regular expression of the jail does not compile
   */
  void add(Jail jail) {
    JailOnFile known = jails.get(jail.name());
    if (known != null) {
      known.change(jail);
      return;
    }
    Mark reached = marks.getOrDefault(jail.name(), new Mark(tail.generation(), 0));
    jails.put(jail.name(), new JailOnFile(jail, reached, around));
    rewind = true;
    caughtUp = false;
  }

  /** Has only these jails read the log. */
  void retain(Set<String> names) {
    jails.keySet().retainAll(names);
  }

  FilePoint point() {
    Map<String, Mark> reached = new TreeMap<>();
    jails.forEach((name, jail) -> reached.put(name, jail.reached()));
    return new FilePoint(tail.place(), reached);
  }

  @Override
  public boolean read() {
    if (!outbox.drain() || around.shipper().isFull()) {
      return false;
    }
    now = around.clock().instant();
    try {
      boolean more = tail.open() && isBegun() && readOn();
      found();
      caughtUp |= !more && !waiting && outbox.drain() && !around.shipper().isFull();
      return more;
    } catch (AccessDeniedException e) {
      trouble.is("no permission to read it");
    } catch (IOException | UncheckedIOException e) {
      trouble.is("can't be read: " + e.getMessage());
    }
    caughtUp = true; // as far as can be: it is no reason to wait for ever
    return false;
  }

  /**
   * A log's first file is not read before it is on disk which one that is: else, were it rotated
   * before a restart, its successor would be taken for it, positions and all.
   */
  private boolean isBegun() {
    waiting = !begun && !around.saved().test(path);
    begun |= !waiting;
    return begun;
  }

  boolean isWaiting() {
    return waiting;
  }

  private void found() {
    if (!tail.isMissing()) {
      missingSince = Optional.empty();
      trouble.over();
    } else if (missingSince.isEmpty()) {
      missingSince = Optional.of(now);
    } else if (now.isAfter(missingSince.get().plus(ROTATING))) {
      trouble.is("no such file");
    }
  }

  /** Whether nothing has stood at the path for longer than a rotation takes. */
  boolean isGone() {
    return trouble.now().isPresent() && missingSince.isPresent();
  }

  private boolean readOn() throws IOException {
    if (rewind) {
      long wanted =
          jails.values().stream().mapToLong(j -> j.wanted(tail.generation())).min().orElse(0);
      if (wanted < tail.offset()) {
        tail.rewind(wanted);
      }
      rewind = false;
    }
    return tail.read(this, BUDGET);
  }

  @Override
  public boolean line(byte[] buf, int from, int to, long offset) {
    lines++;
    for (JailOnFile jail : jails.values()) {
      look(jail, buf, from, to, offset);
    }
    return outbox.drain() && !around.shipper().isFull();
  }

  private void look(JailOnFile jail, byte[] buf, int from, int to, long offset) {
    try {
      List<Match> found = jail.line(buf, from, to, tail.generation(), offset, now);
      if (!found.isEmpty()) {
        String line = LogText.of(buf, from, to);
        outbox.add(jail.jail(), tail.generation(), offset, found, line);
      }
    } catch (RuntimeException | StackOverflowError e) {
      // A line that breaks a filter must not stop the reading of those that follow.
      String why = "jail " + jail.jail().name() + " can't match it: " + e;
      byte[] line = LogText.of(buf, from, to).getBytes(StandardCharsets.UTF_8);
      around.shipper().deadLetter(origin(offset), why, line);
    }
  }

  @Override
  public void overlong(long offset) {
    lines++;
    overlong++;
    around.shipper().deadLetter(origin(offset), "a line too long to be looked at", new byte[0]);
  }

  private String origin(long offset) {
    return path + "@" + tail.generation() + ":" + offset;
  }

  @Override
  public boolean isCaughtUp() {
    return caughtUp;
  }

  @Override
  public SourceStatus status() {
    return new SourceStatus(
        path,
        tail.generation(),
        tail.offset(),
        lag(),
        lines,
        outbox.sent(),
        outbox.ignored(),
        overlong,
        trouble.now().orElse(null));
  }

  private long lag() {
    try {
      return tail.lag();
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public void close() {
    try {
      tail.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
