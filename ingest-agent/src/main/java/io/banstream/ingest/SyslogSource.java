package io.banstream.ingest;

import io.banstream.ingest.Checkpoint.FilePoint;
import io.banstream.jails.FilterSet;
import io.banstream.jails.Jail;
import io.banstream.jails.LogLine;
import io.banstream.jails.Match;
import io.banstream.jails.MatchSettings;
import io.banstream.schemas.SourceStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came by the syslog sockets: the spool's lines, for every jail that reads them. With no such
 * jail they are passed over. A position's generation is the spool file's number, its offset the
 * line's.
 */
final class SyslogSource implements Source, Tail.Lines, FilterSet.Taker {
  /** Its name in positions, heartbeats and the checkpoint, where logs have their path. */
  static final String NAME = "syslog";

  /** Bytes read at one go, so that a long spool does not keep the others waiting. */
  private static final long BUDGET = 4 << 20;

  private final SyslogReceiver receiver;
  private final SpoolReader reader;
  private final Surroundings around;
  private final Outbox outbox;
  private final Trouble trouble = new Trouble(NAME);
  private final JailsOnFile jails;
  private boolean rewind;
  private boolean caughtUp;
  private long broken;

  /** Where the buffer at hand begins in its file. */
  private long base;

  SyslogSource(SyslogReceiver receiver, FilePoint start, Chunk chunk, Surroundings around) {
    this.receiver = receiver;
    this.reader =
        new SpoolReader(
            receiver.spool(), start.place().generation(), start.place().offset(), chunk);
    this.around = around;
    this.outbox = new Outbox(around, NAME);
    this.jails = new JailsOnFile(start.jails(), around);
  }

  /** Where there is no point yet. */
  static FilePoint beginning() {
    return new FilePoint(Place.beginning(0), Map.of());
  }

  /** The highest number of a spool file that a position may bear. */
  static long used(Checkpoint checkpoint) {
    FilePoint point = checkpoint.files().getOrDefault(NAME, beginning());
    long reached = point.jails().values().stream().mapToLong(Mark::generation).max().orElse(0);
    return Math.max(point.place().generation(), reached);
  }

  /**
   * Has this jail read it from now on. One that is new reads the spool's present file from its
   * beginning.
   *
   * @throws IllegalArgumentException if a regular expression of the jail does not compile
   */
  void add(Jail jail) {
    if (jails.add(jail, () -> new Mark(reader.number(), 0))) {
      rewind = true;
      caughtUp = false;
    }
  }

  /** Has only these jails read it. */
  void retain(Set<String> names) {
    jails.retain(names);
  }

  FilePoint point() {
    // Its files need no fingerprint: their numbers tell them.
    Place place = new Place(reader.number(), reader.offset(), Fingerprint.NONE);
    return new FilePoint(place, jails.reached());
  }

  /** The broker has what is in the spool's files before this one. */
  void prune(long before) {
    try {
      receiver.spool().prune(before);
    } catch (IOException e) {
      trouble.is("the spool can't be pruned: " + e.getMessage());
    }
  }

  @Override
  public boolean read() {
    if (!wantsMore()) {
      return false;
    }
    try {
      if (rewind) {
        jails.wanted(reader.number()).ifPresent(this::rewind);
        rewind = false;
      }
      boolean more = reader.read(this, BUDGET);
      trouble.over();
      caughtUp |= !more && outbox.isEmpty() && wantsMore();
      return more;
    } catch (IOException | UncheckedIOException e) {
      trouble.is("the spool can't be read: " + e.getMessage());
    }
    caughtUp = true; // as far as can be: it is no reason to wait for ever
    return false;
  }

  private void rewind(long from) {
    try {
      reader.rewind(from);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int lines(byte[] buf, int to, long offset) {
    base = offset;
    return jails.scan(buf, to, reader.number(), offset, this);
  }

  @Override
  public boolean wantsMore() {
    return outbox.drain() && !around.shipper().isFull();
  }

  @Override
  public void take(LogLine line) {
    Optional<SpoolLine> head = SpoolLine.of(line);
    if (head.isEmpty()) {
      broken++;
      return;
    }
    LogLine message = line.after(line.from() + head.get().length());
    long offset = base + line.from();
    int number = 0;
    for (JailOnFile jail : jails.each()) {
      look(jail, number, head.get(), message, offset);
      number++;
    }
  }

  private void look(JailOnFile on, int number, SpoolLine head, LogLine message, long offset) {
    Jail jail = on.jail();
    try {
      ZoneId zone = MatchSettings.of(jail.sources(), around.zone()).zone();
      List<Match> found =
          on.line(reader.number(), offset, () -> message.matchUndated(number, head.time(zone)));
      if (!found.isEmpty()) {
        outbox.add(jail, reader.number(), offset, found, text(message));
      }
    } catch (RuntimeException | StackOverflowError e) {
      // A message that breaks a filter must not stop the reading of those that follow.
      broken++;
      String why = "jail " + jail.name() + " can't match it: " + e.getMessage();
      String origin = NAME + "@" + reader.number() + ":" + offset;
      around.shipper().deadLetter(origin, why, text(message).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String text(LogLine message) {
    return LogText.of(message.buf(), message.from(), message.to());
  }

  @Override
  public void overlong(long offset) {
    throw new IllegalStateException("no line of a spool is too long");
  }

  @Override
  public boolean isCaughtUp() {
    return caughtUp;
  }

  @Override
  public SourceStatus status() {
    return new SourceStatus(
        NAME,
        reader.number(),
        reader.offset(),
        receiver.spool().lag(reader.number(), reader.offset()),
        jails.lines(),
        outbox.sent(),
        outbox.ignored(),
        broken + receiver.leftOut(),
        receiver.problem().or(trouble::now).orElse(null));
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
