package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  @TempDir Path folder;
  private final List<String> read = new ArrayList<>();

  private final Tail.Lines lines =
      new Tail.Lines() {
        @Override
        public int lines(byte[] buf, int to, long offset) {
          new String(buf, 0, to, StandardCharsets.UTF_8)
              .lines()
              .map(line -> line.replaceFirst("^0 - ", ""))
              .forEach(read::add);
          return to;
        }

        @Override
        public boolean wantsMore() {
          return true;
        }

        @Override
        public void overlong(long offset) {
          throw new AssertionError();
        }
      };

  private static void append(Spool spool, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    spool.append(Instant.EPOCH, new SyslogMessage(Optional.empty(), bytes));
    spool.flush();
  }

  @Test
  void whatIsAppendedIsReadOnceThroughAllFiles() throws IOException {
    Spool spool = Spool.open(folder, 0, 1_600);
    SpoolReader reader = new SpoolReader(spool, 0, 0, new Chunk());
    for (int i = 0; i < 30; i++) {
      append(spool, "message " + i);
      if (i % 7 == 0) {
        reader.read(lines, 1 << 20);
      }
    }
    assertThat(reader.read(lines, 1 << 20)).isFalse();
    assertThat(read).isEqualTo(IntStream.range(0, 30).mapToObj(i -> "message " + i).toList());
    assertThat(reader.number()).isGreaterThan(2);
    assertThat(spool.lag(reader.number(), reader.offset())).isZero();
  }

  @Test
  void aReaderGoesOnWhereItWasAfterAStartAndNumbersAreNewOnes() throws IOException {
    Spool before = Spool.open(folder, 0, 1_600);
    append(before, "one");
    append(before, "two");
    Spool after = Spool.open(folder, 5, 1_600);
    append(after, "three");
    new SpoolReader(after, 1, "0 - one\n".length(), new Chunk()).read(lines, 1 << 20);
    assertThat(read).containsExactly("two", "three");
    assertThat(names()).containsExactly("1.log", "6.log");
  }

  @Test
  void aLineWithoutItsEndIsNotReadAndWhatFollowsIs() throws IOException {
    Spool before = Spool.open(folder, 0, 1_600);
    append(before, "one");
    Files.writeString(before.file(1), "0 - failure from 192.0.2.1", StandardOpenOption.APPEND);
    Spool after = Spool.open(folder, 1, 1_600);
    append(after, "two");
    new SpoolReader(after, 0, 0, new Chunk()).read(lines, 1 << 20);
    assertThat(read).containsExactly("one", "two");
  }

  @Test
  void aFullSpoolHasRoomAgainOnceItIsPruned() throws IOException {
    Spool spool = Spool.open(folder, 0, 1_600);
    while (spool.hasRoom()) {
      append(spool, "x".repeat(90));
    }
    spool.prune(5);
    assertThat(spool.hasRoom()).isTrue();
    assertThat(names()).doesNotContain("1.log", "4.log").contains("5.log");
  }

  @Test
  void whatCanNotBeWrittenNowIsWrittenLaterOnce() throws IOException {
    Path spoolFolder = folder.resolve("spool");
    Spool spool = Spool.open(spoolFolder, 0, 1_600);
    Files.delete(spoolFolder);
    assertThat(catchThrowable(() -> append(spool, "one"))).isInstanceOf(IOException.class);
    Files.createDirectories(spoolFolder);
    spool.flush();
    new SpoolReader(spool, 0, 0, new Chunk()).read(lines, 1 << 20);
    assertThat(read).containsExactly("one");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
