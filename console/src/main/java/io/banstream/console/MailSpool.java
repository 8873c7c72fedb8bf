package io.banstream.console;

import io.banstream.schemas.OwnerOnly;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps letters until they are taken: each a file, {@code NUMBER.json}, in the order they were
 * made. Where a disk takes none, in memory.
 *
 * <p>Its user lets one thread in at a time; {@link #letter} alone may go beside the others.
 */
final class MailSpool {
  private static final Logger LOG = LoggerFactory.getLogger(MailSpool.class);
  private static final Pattern NAME = Pattern.compile("\\d{1,18}\\.json");

  private final Path folder;
  private long next;
  private boolean failing;

  /** A letter that is kept. */
  static final class Entry {
    private final Path file;
    private final String dest;
    private final Instant made;
    private final int bytes;
    private Optional<Letter> inMemory;

    private Entry(Path file, Letter letter, int bytes) {
      this.file = file;
      this.dest = letter.dest();
      this.made = letter.made();
      this.bytes = bytes;
      this.inMemory = Optional.of(letter);
    }

    String dest() {
      return dest;
    }

    Instant made() {
      return made;
    }

    int bytes() {
      return bytes;
    }
  }

  /**
   * @param folder is there, and nobody else's
   */
  MailSpool(Path folder) {
    this.folder = folder;
  }

  /**
   * What an earlier run has left, the oldest first. What can't be read is told, and left where it
   * is.
   */
  List<Entry> found() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        String name = file.getFileName().toString();
        if (NAME.matcher(name).matches()) {
          files.add(file);
        } else if (name.endsWith(OwnerOnly.UNFINISHED)) {
          Files.delete(file);
        }
      }
    }
    List<Entry> found = new ArrayList<>();
    for (Path file : files.stream().sorted(Comparator.comparing(MailSpool::number)).toList()) {
      next = number(file) + 1;
      try {
        byte[] json = read(file);
        Entry entry = new Entry(file, Letter.read(json), json.length);
        entry.inMemory = Optional.empty();
        found.add(entry);
      } catch (IOException e) {
        LOG.warn("mail: {} is no mail, and not sent: {}", file, MailQueue.words(e));
      }
    }
    return found;
  }

  private static long number(Path file) {
    return Long.parseLong(file.getFileName().toString().replace(".json", ""));
  }

  Entry keep(Letter letter) {
    byte[] json = letter.json();
    Entry entry = new Entry(folder.resolve(next++ + ".json"), letter, json.length);
    write(entry, json);
    return entry;
  }

  /** Tries again where a disk took none. */
  void settle(Entry entry) {
    entry.inMemory.ifPresent(letter -> write(entry, letter.json()));
  }

  private void write(Entry entry, byte[] json) {
    try {
      OwnerOnly.write(entry.file, json);
      entry.inMemory = Optional.empty();
      if (failing) {
        failing = false;
        LOG.info("mail: {} takes mails again", folder);
      }
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        LOG.warn(
            "mail: {} takes none, what waits is in memory alone: {}", folder, MailQueue.words(e));
      }
    }
  }

  /**
   * @throws MailRefusedException if someone took it away
   */
  Letter letter(Entry entry) throws IOException {
    if (entry.inMemory.isPresent()) {
      return entry.inMemory.get();
    }
    try {
      return Letter.read(read(entry.file));
    } catch (FileNotFoundException e) { // so is one that can't be opened, by too many open files
      throw Files.notExists(entry.file) ? new MailRefusedException(e) : e;
    }
  }

  /** Forgets it. */
  void drop(Entry entry) {
    try {
      Files.deleteIfExists(entry.file);
    } catch (IOException e) {
      LOG.warn(
          "mail: {} can't be deleted, it is sent again after a restart: {}",
          entry.file,
          MailQueue.words(e));
    }
  }

  /** By a stream, as a channel would be closed by an interrupt. */
  private static byte[] read(Path file) throws IOException {
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      return in.readAllBytes();
    }
  }
}
