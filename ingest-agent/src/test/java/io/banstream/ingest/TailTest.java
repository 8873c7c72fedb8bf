package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTest {
  @TempDir Path folder;
  private Path log;
  private Tail tail;
  private final List<String> read = new ArrayList<>();

  private final Tail.Lines lines =
      new EachLine() {
        @Override
        void line(String text, long offset) {
          read.add(tail.generation() + ":" + offset + " " + text);
        }

        @Override
        public void overlong(long offset) {
          read.add(tail.generation() + ":" + offset + " overlong");
        }
      };

  @BeforeEach
  void newTail() {
    log = folder.resolve("maillog");
    tail = new Tail(log, Place.beginning(0), new Chunk());
  }

  private void append(String text) throws IOException {
    Files.writeString(
        log,
        text,
        StandardCharsets.ISO_8859_1,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void look() throws IOException {
    while (tail.open() && tail.read(lines, 1 << 20)) {
      // on to its end
    }
  }

  @Test
  void aLogThatComesLateIsFound() throws IOException {
    look();
    assertThat(tail.isMissing()).isTrue();
    append("a\nb\r\n");
    look();
    assertThat(read).containsExactly("0:0 a", "0:2 b");
    assertThat(tail.isMissing()).isFalse();
  }

  @Test
  void aLineCountsOnceItsEndIsThere() throws IOException {
    append("a\nhal");
    look();
    assertThat(read).containsExactly("0:0 a");
    append("f\n");
    look();
    assertThat(read).containsExactly("0:0 a", "0:2 half");
  }

  @Test
  void longLinesAreReadUpToALimitAndThenLeftOut() throws IOException {
    String longest = "x".repeat(Chunk.LONGEST - 1);
    append(longest + "\n" + longest + "y\nz\n");
    look();
    assertThat(read)
        .containsExactly(
            "0:0 " + longest,
            "0:" + Chunk.LONGEST + " overlong",
            "0:" + (2 * Chunk.LONGEST + 1) + " z");
  }

  @Test
  void anEndlessLineIsNoReasonToStandStill() throws IOException {
    for (int i = 0; i < 24; i++) {
      append("x".repeat(500_000));
      look();
    }
    assertThat(read).isEmpty();
    append("\nz\n");
    look();
    assertThat(read).containsExactly("0:0 overlong", "0:12000001 z");
  }

  @Test
  void zerosBeforeALineAreNoPartOfIt() throws IOException {
    append("a\n");
    look();
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.setLength(3_000_000);
    }
    look();
    append("b\0\u00FF\n");
    look();
    assertThat(read).containsExactly("0:0 a", "0:3000000 b\0\u00FF");
  }

  @Test
  void aTruncatedLogIsReadFromItsBeginning() throws IOException {
    append("a line that will be gone soon\n");
    look();
    Files.writeString(log, "b\n", StandardOpenOption.TRUNCATE_EXISTING);
    look();
    assertThat(read).endsWith("1:0 b");
  }

  @Test
  void aTruncatedLogThatHasGrownPastItsOldEndIsKnownByItsHead() throws IOException {
    append("a\n");
    look();
    Files.writeString(log, "longer than before\n", StandardOpenOption.TRUNCATE_EXISTING);
    look();
    assertThat(read).containsExactly("0:0 a", "1:0 longer than before");
  }

  @Test
  void theOldFileIsReadUntilTheNewOneHasSomething() throws IOException {
    append("a\n");
    look();
    Path old = folder.resolve("maillog.1");
    Files.move(log, old);
    append("");
    look();
    Files.writeString(old, "late\n", StandardOpenOption.APPEND);
    look();
    append("b\n");
    look();
    assertThat(read).containsExactly("0:0 a", "0:2 late", "1:0 b");
  }

  @Test
  void aLogDeletedWhileItIsReadIsReadToItsEnd() throws IOException {
    append("a\n");
    look();
    append("b\n");
    Files.delete(log);
    look();
    append("c\n");
    look();
    assertThat(read).containsExactly("0:0 a", "0:2 b", "1:0 c");
  }

  @Test
  void goingBackGivesWholeLinesAgain() throws IOException {
    append("one\ntwo\nthree\n");
    look();
    read.clear();
    tail.seek(5);
    look();
    assertThat(read).containsExactly("0:8 three");
    read.clear();
    tail.seek(4);
    look();
    assertThat(read).containsExactly("0:4 two", "0:8 three");
  }

  @Test
  void goingOnLeavesWholeLinesOut() throws IOException {
    append("one\ntwo\nthree\n");
    tail.open();
    tail.seek(5);
    look();
    assertThat(read).containsExactly("0:8 three");
    tail.seek(99);
    append("four\n");
    look();
    assertThat(read).containsExactly("0:8 three", "0:14 four");
  }

  @Test
  void theEndIsBeforeALineThatIsNotWholeYet() throws IOException {
    append("");
    tail.open();
    assertThat(tail.end()).isZero();
    append("one\ntw");
    assertThat(tail.end()).isEqualTo(4);
    append("o\n");
    assertThat(tail.end()).isEqualTo(8);
    append("x".repeat(100_000));
    assertThat(tail.end()).isEqualTo(100_008);
  }

  @Test
  void aLogPutBackFromABackupIsGoneOnWith() throws IOException {
    String head = "x".repeat(100) + "\n";
    append(head);
    look();
    Place place = tail.place();
    tail.close();
    Path copy = Files.copy(log, folder.resolve("copy"));
    Files.delete(log);
    Files.move(copy, log);
    append("b\n");
    tail = new Tail(log, place, new Chunk());
    look();
    assertThat(read).containsExactly("0:0 " + head.strip(), "0:101 b");
  }
}
