package io.banstream.ingest;

import io.banstream.ingest.Checkpoint.JournalPoint;
import io.banstream.jails.FilterSet;
import io.banstream.jails.Jail;
import io.banstream.jails.Match;
import io.banstream.schemas.SourceStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The systemd journal as one jail reads it: a journalctl of its own, that narrows by the filter's
 * journalmatch. A position's generation counts how often the numbering began anew (the cursor's
 * {@code s=} is an id, and does not rise), its offset is the entry's number.
 */
final class JournalSource implements Source {

  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** A journalctl that runs for so long is well. */
  private static final Duration SETTLED = Duration.ofSeconds(5);

  /** Entries taken at one go, so that a long journal does not keep the others waiting. */
  private static final int BUDGET = 500;

  private final String name;
  private final List<String> journalctl;
  private final List<String> matches;
  private final Surroundings around;
  private final Runnable news;
  private final Outbox outbox;
  private final Trouble trouble;
  private final FilterSet filter;
  private Jail jail;
  private JournalPoint point;

  private Optional<JournalProcess> process = Optional.empty();
  private Duration pause = Duration.ZERO;

  /** Not before this is journalctl started; while it runs, when it was. */
  private Instant nextStart = Instant.EPOCH;

  /** The last entry there was at start; looked up first, so that the end is known when it comes. */
  private Optional<JournalEntry> last = Optional.empty();

  private boolean lookingForLast = true;
  private boolean caughtUp;
  private boolean hasFound;
  private long lines;
  private long broken;

  /**
   * @param firstLook how far back to begin where there is no start
   * @param journalctl the command's words
   * @param news called when there is something to read
   * @throws IllegalArgumentException if the jail's journalmatch or a regular expression is wrong
   */
  JournalSource(
      Jail jail,
      Optional<JournalPoint> start,
      Duration firstLook,
      List<String> journalctl,
      Surroundings around,
      Runnable news) {
    this.name = "journal:" + jail.name();
    this.jail = jail;
    this.journalctl = journalctl;
    this.matches = JournalMatch.arguments(jail.sources().filter().journalmatch());
    this.around = around;
    this.news = news;
    this.outbox = new Outbox(around, name);
    this.trouble = new Trouble(name);
    this.filter = new FilterSet(List.of(around.filters().apply(jail)));
    this.point =
        start.orElseGet(
            () -> JournalPoint.since(around.clock().instant().minus(firstLook).getEpochSecond()));
  }

  Jail jail() {
    return jail;
  }

  /** Whether it can go on for the jail as it is now; else a new one must be made. */
  boolean serves(Jail now) {
    return Filters.isSame(jail, now);
  }

  /** The jail's policy as it is from now on. */
  void change(Jail now) {
    jail = now;
  }

  JournalPoint point() {
    return point;
  }

  @Override
  public boolean read() {
    try {
      if (process.isEmpty()) {
        start();
      }
      return process.isPresent() && readOn(process.get());
    } catch (IOException e) {
      failed("can't be read: " + e.getMessage());
      return false;
    }
  }

  private void start() throws IOException {
    if (around.clock().instant().isBefore(nextStart)) {
      return;
    }
    List<String> command = new ArrayList<>(journalctl);
    command.addAll(List.of("--output=json", "--all", "--no-pager", "--quiet"));
    if (lookingForLast) {
      command.add("--lines=1");
    } else {
      command.addAll(List.of("--follow", "--no-tail"));
      command.add(
          point.cursor().map(c -> "--after-cursor=" + c).orElse("--since=@" + point.since()));
    }
    command.addAll(matches);
    process = Optional.of(new JournalProcess(command, news));
    nextStart = around.clock().instant();
  }

  private boolean readOn(JournalProcess from) throws IOException {
    for (int i = 0; i < BUDGET; i++) {
      if (!outbox.drain() || around.shipper().isFull()) {
        return false;
      }
      Optional<byte[]> json = from.poll();
      if (json.isEmpty()) {
        if (from.isOver()) {
          ended(from);
        } else if (around.clock().instant().isAfter(nextStart.plus(SETTLED))) {
          trouble.over();
        }
        return false;
      }
      parse(json.get()).ifPresent(this::take);
    }
    return true;
  }

  private Optional<JournalEntry> parse(byte[] json) {
    try {
      return Optional.of(JournalEntry.parse(json));
    } catch (IllegalArgumentException e) {
      broken++;
      deadLetter(point.cursor().map(c -> "after " + c).orElse("begin"), e.getMessage(), json);
      return Optional.empty();
    }
  }

  private void take(JournalEntry entry) {
    if (lookingForLast) {
      last = Optional.of(entry);
      return;
    }
    lines++;
    pause = Duration.ZERO;
    trouble.over();
    boolean anew =
        !point.sequence().isEmpty()
            && (!entry.sequence().equals(point.sequence()) || entry.index() <= point.index());
    point =
        new JournalPoint(
            point.generation() + (anew ? 1 : 0),
            entry.sequence(),
            entry.index(),
            Optional.of(entry.cursor()),
            point.since());
    look(entry);
    caughtUp |= isPast(last);
  }

  private void look(JournalEntry entry) {
    byte[] bytes = entry.line();
    try {
      filter.scan(bytes, 0, bytes.length, line -> found(line.matchUndated(0, entry.time()), bytes));
    } catch (RuntimeException | StackOverflowError e) {
      broken++;
      String origin = point.generation() + ":" + point.index();
      deadLetter(origin, "jail " + jail.name() + " can't match it: " + e.getMessage(), bytes);
    }
  }

  /** Whether a failure was found, since it was made. */
  boolean hasFound() {
    return hasFound;
  }

  private void found(List<Match> all, byte[] line) {
    List<Match> matches = around.successes().wanted(jail, all);
    if (!matches.isEmpty()) {
      hasFound |= !matches.get(0).succeeded();
      String text = LogText.of(line, 0, line.length);
      outbox.add(jail, point.generation(), point.index(), matches, text);
    }
  }

  private void deadLetter(String where, String why, byte[] what) {
    byte[] text = LogText.of(what, 0, what.length).getBytes(StandardCharsets.UTF_8);
    around.shipper().deadLetter(name + "@" + where, why, text);
  }

  /** Whether there is nothing before or at this entry that is still to be read. */
  private boolean isPast(Optional<JournalEntry> entry) {
    return entry.isEmpty()
        || entry.get().sequence().equals(point.sequence()) && entry.get().index() <= point.index()
        || point.cursor().isEmpty() && entry.get().time().getEpochSecond() < point.since();
  }

  private void ended(JournalProcess over) throws IOException {
    if (lookingForLast && over.succeeded()) {
      lookingForLast = false;
      caughtUp = isPast(last);
      process = Optional.empty();
      news.run();
    } else {
      failed("journalctl ended, " + over.complaint());
    }
  }

  private void failed(String why) {
    trouble.is(why);
    close();
    process = Optional.empty();
    pause = pause.isZero() ? SHORTEST_PAUSE : pause.multipliedBy(2);
    pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    nextStart = around.clock().instant().plus(pause);
    caughtUp = true; // as far as can be: it is no reason to wait for ever
  }

  @Override
  public boolean isCaughtUp() {
    return caughtUp;
  }

  @Override
  public SourceStatus status() {
    return new SourceStatus(
        name,
        point.generation(),
        Math.max(point.index(), 0),
        -1L,
        lines,
        outbox.sent(),
        outbox.ignored(),
        broken,
        trouble.now().orElse(null));
  }

  @Override
  public void close() {
    process.ifPresent(JournalProcess::close);
  }
}
