package io.banstream.ingest;

import io.banstream.ingest.Checkpoint.FilePoint;
import io.banstream.jails.FilterSet;
import io.banstream.jails.Jail;
import io.banstream.jails.LogLine;
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
import java.util.Optional;
import java.util.Set;

/** A log file: one tail, that feeds every jail that reads it. */
final class FileSource implements Source, Tail.Lines, FilterSet.Taker {
  /** Bytes read at one go, so that a long log does not keep the others waiting. */
  private static final long BUDGET = 4 << 20;

  /** A log that is away for no longer is being rotated: no trouble. */
  private static final Duration ROTATING = Duration.ofSeconds(3);

  private final String path;
  private final Tail tail;
  private final Surroundings around;
  private final Outbox outbox;
  private final JailsOnFile jails;
  private final Trouble trouble;
  private final StampCheck stamps = new StampCheck();
  private Instant now = Instant.EPOCH;

  private Optional<Instant> missingSince = Optional.empty();
  private boolean begun;
  private boolean waiting;
  private boolean seek = true;
  private boolean caughtUp;
  private long overlong;

  /** Lines that were not looked at, or not to their end. */
  private long broken;

  /** Where the buffer at hand begins in the file. */
  private long base;

  FileSource(Path path, FilePoint start, Chunk chunk, Surroundings around) {
    this.path = path.toString();
    this.tail = new Tail(path, start.place(), chunk);
    this.around = around;
    this.outbox = new Outbox(around, this.path);
    this.jails = new JailsOnFile(start.jails(), around);
    this.trouble = new Trouble(this.path);
  }

  /**
   * Has this jail read the log from now on. One that is new reads the present file from its
   * beginning, as an agent does that is new: bans still in force are found.
   *
   * @param fromEnd whether one that is new begins at the end of the file that is there
   * @throws IllegalArgumentException if a regular expression of the jail does not compile
   */
  void add(Jail jail, boolean fromEnd) {
    if (jails.add(jail, () -> begin(fromEnd))) {
      seek = true;
      caughtUp = false;
    }
  }

  /**
   * Where a new jail begins. A file that can't be read now is read whole once it can; of one that
   * is still to come, because a rotated one is not yet read to its end, nothing is left out either.
   */
  private Mark begin(boolean fromEnd) {
    try {
      return new Mark(tail.generation(), fromEnd && tail.open() ? tail.end() : 0);
    } catch (IOException e) {
      return new Mark(tail.generation(), 0); // told when it is read
    }
  }

  /** Has only these jails read the log. */
  void retain(Set<String> names) {
    jails.retain(names);
  }

  FilePoint point() {
    return new FilePoint(tail.place(), jails.reached());
  }

  @Override
  public boolean read() {
    if (!wantsMore()) {
      return false;
    }
    now = around.clock().instant();
    try {
      boolean more = tail.open() && isBegun() && readOn();
      found();
      boolean whole = !more && !waiting && outbox.isEmpty() && !around.shipper().isFull();
      caughtUp |= whole;
      stamps.passed(whole, now);
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
    if (seek) {
      long wanted = jails.wanted(tail.generation()).orElse(0);
      if (wanted != Long.MAX_VALUE) {
        tail.seek(wanted);
      }
      seek = false;
    }
    return tail.read(this, BUDGET);
  }

  @Override
  public int lines(byte[] buf, int to, long offset) {
    base = offset;
    return jails.scan(buf, to, tail.generation(), offset, this);
  }

  @Override
  public void take(LogLine line) {
    int number = 0;
    for (JailOnFile jail : jails.each()) {
      look(jail, number, line);
      number++;
    }
  }

  @Override
  public boolean wantsMore() {
    return outbox.drain() && !around.shipper().isFull();
  }

  private void look(JailOnFile jail, int number, LogLine line) {
    long offset = base + line.from();
    try {
      List<Match> found = jail.line(tail.generation(), offset, () -> line.match(number, now));
      if (!found.isEmpty()) {
        checkStamp(found.get(0));
        String text = LogText.of(line.buf(), line.from(), line.to());
        outbox.add(jail.jail(), tail.generation(), offset, found, text);
      }
    } catch (RuntimeException | StackOverflowError e) {
      // A line that breaks a filter must not stop the reading of those that follow.
      broken++;
      String why = "jail " + jail.jail().name() + " can't match it: " + e.getMessage();
      String text = LogText.of(line.buf(), line.from(), line.to());
      around.shipper().deadLetter(origin(offset), why, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A log of another time zone is told of: its bans may be over when they are decided. */
  private void checkStamp(Match match) {
    if (!match.succeeded() && stamps.isOff(match.time(), now)) {
      around
          .told()
          .is(
              path,
              "a failure is stamped over a minute before it was written, and is of that time: does"
                  + " the jail need another logtimezone?");
    }
  }

  @Override
  public void overlong(long offset) {
    overlong++;
    broken++;
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
        jails.lines() + overlong,
        outbox.sent(),
        outbox.ignored(),
        broken,
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
