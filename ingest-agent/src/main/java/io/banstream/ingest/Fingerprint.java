package io.banstream.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Tells a file from every other that may stand at its path, also after a rename, a copy or a
 * restart.
 *
 * @param file where its content lies on disk
 * @param length how many of its first bytes {@code crc} covers, at most {@link #MOST}
 * @param crc CRC-32C of them
 */
record Fingerprint(Inode file, int length, long crc) {
  /** A syslog file's first line differs from every other's within this many bytes. */
  static final int MOST = 256;

  /** The first bytes alone tell a file from this many on. */
  private static final int TELLING = 64;

  /** Of no file: nothing was ever read. */
  static final Fingerprint NONE = new Fingerprint(new Inode(0, 0), 0, 0);

  /** A file's place on disk: unique among those that exist, free again once a file is deleted. */
  record Inode(long device, long number) {
    /** Follows symbolic links; empty where there is no file. */
    static Optional<Inode> of(Path path) throws IOException {
      try {
        Map<String, Object> found = Files.readAttributes(path, "unix:dev,ino");
        return Optional.of(new Inode((Long) found.get("dev"), (Long) found.get("ino")));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
    }
  }

  /** Of a file just begun: its head is not known yet. */
  static Fingerprint of(Inode file) {
    return new Fingerprint(file, 0, 0);
  }

  /** Covers as much of the head as lies below {@code offset}: whole lines, which never change. */
  Fingerprint covering(FileChannel channel, long offset) throws IOException {
    int wanted = (int) Math.min(offset, MOST);
    return wanted <= length ? this : new Fingerprint(file, wanted, crc(channel, wanted));
  }

  /** Whether {@code channel}'s file begins as this one did. */
  boolean hasHead(FileChannel channel) throws IOException {
    return channel.size() >= length && crc(channel, length) == crc;
  }

  /** Whether the head is long enough to know the file by it, were its inode another. */
  boolean isTelling() {
    return length >= TELLING;
  }

  private static long crc(FileChannel channel, int length) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(length);
    while (head.hasRemaining() && channel.read(head, head.position()) > 0) {
      // a read may give less than asked for
    }
    CRC32C crc = new CRC32C();
    crc.update(head.flip());
    return crc.getValue();
  }
}
