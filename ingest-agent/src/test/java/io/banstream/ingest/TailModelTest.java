package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.testkit.Shrink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random lists of what happens to a log, against a model that knows only what was written. Where
 * nothing is truncated or deleted, exactly what was written must be read, in order; else nothing
 * twice, nothing out of order, and nothing missing that had been there at a look.
 */
class TailModelTest {
  private static final int LISTS = 200;
  private static final int LENGTH = 30;

  @TempDir Path folder;

  private enum Step {
    WRITE,
    PART,
    RENAME,
    RENAME_BY_DATE,
    COPY_AND_TRUNCATE,
    DELETE,
    LOOK,
    RESTART,
    CRASH
  }

  @Test
  void whatIsWrittenIsReadOnceThroughRotationsAndRestarts() {
    Step[] keeping = {
      Step.WRITE, Step.PART, Step.RENAME, Step.LOOK, Step.RESTART, Step.CRASH, Step.WRITE
    };
    check(keeping);
  }

  @Test
  void whatIsWrittenIsReadOnceThroughDatedRotations() {
    check(new Step[] {Step.WRITE, Step.PART, Step.RENAME_BY_DATE, Step.LOOK, Step.RESTART});
  }

  @Test
  void nothingIsReadTwiceThroughTruncationAndDeletion() {
    check(
        new Step[] {
          Step.WRITE,
          Step.PART,
          Step.RENAME,
          Step.COPY_AND_TRUNCATE,
          Step.DELETE,
          Step.LOOK,
          Step.RESTART,
          Step.CRASH,
          Step.WRITE
        });
  }

  private void check(Step[] steps) {
    for (int i = 0; i < LISTS; i++) {
      long seed = i;
      List<Step> list =
          Stream.generate(new Random(seed)::nextDouble)
              .limit(LENGTH)
              .map(d -> steps[(int) (d * steps.length)])
              .toList();
      if (fails(list)) {
        List<Step> shortest = Shrink.failing(list, this::fails);
        assertThat(run(shortest).wrong()).as("seed %d, shortest %s", seed, shortest).isEmpty();
      }
    }
  }

  private boolean fails(List<Step> list) {
    return !run(list).wrong().isEmpty();
  }

  private Run run(List<Step> list) {
    try (Stream<Path> old = Files.list(folder)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
      Run run = new Run(folder);
      for (Step step : list) {
        run.step(step);
      }
      run.end();
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A log, a tail, and what each had to do with the other. */
  private static final class Run extends EachLine {
    private final Path log;
    private final List<String> written = new ArrayList<>();
    private final Set<String> mayBeLost = new HashSet<>();
    private final List<String> read = new ArrayList<>();
    private final List<String> positions = new ArrayList<>();
    private String part = "";
    private int lines;
    private int day = 10;
    private Place saved = Place.beginning(0);
    private int savedRead;
    private Tail tail;

    /** The log is known from the start: a tail that is new begins with what it finds. */
    Run(Path folder) throws IOException {
      log = folder.resolve("maillog");
      tail = new Tail(log, saved, new Chunk());
      step(Step.WRITE);
      step(Step.LOOK);
      step(Step.RESTART);
    }

    void step(Step step) throws IOException {
      switch (step) {
        case WRITE -> write(part + "line " + lines++ + " that is as long as lines of a log are\n");
        case PART -> {
          if (part.isEmpty()) {
            part = "part " + lines++ + ", ";
            append(part);
          }
        }
        case RENAME -> rename();
        case RENAME_BY_DATE -> renameByDate();
        case COPY_AND_TRUNCATE -> copyAndTruncate();
        case DELETE -> delete();
        case LOOK -> look();
        case RESTART -> {
          saved = tail.place();
          savedRead = read.size();
          trackLost &= !looked;
          restart();
        }
        case CRASH -> restart();
      }
    }

    /** What was read after the last save is read again, and must be the same. */
    private void restart() throws IOException {
      tail.close();
      looked = false;
      List<String> again = new ArrayList<>(read.subList(savedRead, read.size()));
      List<String> at = new ArrayList<>(positions.subList(savedRead, read.size()));
      read.subList(savedRead, read.size()).clear();
      positions.subList(savedRead, positions.size()).clear();
      tail = new Tail(log, saved, new Chunk());
      expectedAgain = again;
      expectedAt = at;
    }

    private List<String> expectedAgain = List.of();
    private List<String> expectedAt = List.of();

    private void write(String text) throws IOException {
      append(text.substring(part.length()));
      written.add(text.strip());
      part = "";
    }

    private void append(String text) throws IOException {
      Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Whether a file was damaged, and no look since at what came after it has been saved. */
    private boolean trackLost;

    private boolean looked;
    private int rotated;

    /** What the tail has not read: it may be lost where its file is. */
    private void maybeLost() {
      Set<String> unread = new HashSet<>(written);
      unread.removeAll(read.subList(0, savedRead));
      mayBeLost.addAll(unread);
      trackLost = true;
      looked = false;
    }

    private void dropPart() {
      part = ""; // a line that never gets its end
    }

    private void rename() throws IOException {
      if (Files.exists(log)) {
        if (trackLost) {
          maybeLost(); // what came after a file that is gone can't be told from what was before it
        }
        dropPart();
        shift();
        Files.move(log, log.resolveSibling("maillog.1"));
      }
    }

    private void shift() throws IOException {
      for (int n = rotated++; n >= 1; n--) {
        Path from = log.resolveSibling("maillog." + n);
        if (Files.exists(from)) {
          Files.move(from, log.resolveSibling("maillog." + (n + 1)));
        }
      }
    }

    private void renameByDate() throws IOException {
      if (Files.exists(log)) {
        dropPart();
        Files.move(log, log.resolveSibling("maillog-202611" + day++));
      }
    }

    private void copyAndTruncate() throws IOException {
      if (Files.exists(log)) {
        maybeLost();
        dropPart();
        shift();
        Files.copy(log, log.resolveSibling("maillog.1"));
        Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
      }
    }

    private void delete() throws IOException {
      if (Files.exists(log)) {
        maybeLost();
        dropPart();
        Files.delete(log);
      }
    }

    private void look() throws IOException {
      while (tail.open() && tail.read(this, 40)) {
        // on to its end
      }
      looked = Files.exists(log) && Files.size(log) > 0;
    }

    void end() throws IOException {
      write(part + "the last line\n");
      look();
      tail.close();
    }

    @Override
    void line(String text, long offset) {
      read.add(text);
      positions.add(String.format("%06d:%06d", tail.generation(), offset));
    }

    @Override
    public void overlong(long offset) {
      throw new AssertionError("no line is that long");
    }

    /** What is wrong with what was read; empty: nothing. */
    String wrong() {
      if (!positions.equals(positions.stream().sorted().distinct().toList())) {
        return "positions do not rise: " + positions;
      }
      List<String> inOrder = written.stream().filter(new HashSet<>(read)::contains).toList();
      if (!inOrder.equals(read)) {
        return "read " + read + " of " + written;
      }
      List<String> lost =
          written.stream().filter(l -> !read.contains(l) && !mayBeLost.contains(l)).toList();
      if (!lost.isEmpty()) {
        return "lost " + lost;
      }
      return positionsAgain();
    }

    private String positionsAgain() {
      for (int i = 0; i < expectedAgain.size(); i++) {
        int now = read.indexOf(expectedAgain.get(i));
        if (now >= 0 && mayBeLost.isEmpty() && !positions.get(now).equals(expectedAt.get(i))) {
          return expectedAgain.get(i) + " was at " + expectedAt.get(i) + ", then at " + positions;
        }
      }
      return "";
    }
  }
}
