package io.banstream.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A real journal that grows while it is read: systemd's own writer makes the file, its own
 * journalctl reads it. No systemd runs here, so the unit's name is ours to write.
 */
final class Journal implements AutoCloseable {
  private static final Path WRITER = Path.of("/lib/systemd/systemd-journal-remote");

  private final Path folder;
  private final Process writer;
  private final String host;
  private long entries;

  private Journal(Path folder, Process writer, String host) {
    this.folder = folder;
    this.writer = writer;
    this.host = host;
  }

  static void assumeAvailable() {
    Netns.assumeTool("journalctl");
    Assumptions.assumeTrue(Files.isExecutable(WRITER), "needs systemd-journal-remote");
  }

  static Journal create(Path folder, String host) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("system.journal");
    Process writer =
        new ProcessBuilder(WRITER.toString(), "-o", file.toString(), "-")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("writer.log").toFile())
            .start();
    Path wrapper = folder.resolve("journalctl");
    Files.writeString(wrapper, "#!/bin/sh\nexec /usr/bin/journalctl --file " + file + " \"$@\"\n");
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Journal(folder, writer, host);
  }

  /** A search path on which {@code journalctl} reads this journal. */
  String path() {
    return folder + ":" + System.getenv("PATH");
  }

  /** What Postfix leaves in the journal at a wrong password. */
  void saslFailure(String address, Instant time) {
    long micros = TimeUnit.MILLISECONDS.toMicros(time.toEpochMilli()) + entries++;
    String entry =
        """
        __REALTIME_TIMESTAMP=%d
        __MONOTONIC_TIMESTAMP=%d
        _BOOT_ID=0123456789abcdef0123456789abcdef
        _HOSTNAME=%s
        _SYSTEMD_UNIT=postfix.service
        SYSLOG_IDENTIFIER=postfix/smtpd
        SYSLOG_PID=4711
        _PID=4711
        _COMM=smtpd
        PRIORITY=4
        MESSAGE=%s

        """
            .formatted(micros, micros, host, MailLog.saslFailure(address));
    try {
      OutputStream in = writer.getOutputStream();
      in.write(entry.getBytes(UTF_8));
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    writer.destroyForcibly();
  }
}
