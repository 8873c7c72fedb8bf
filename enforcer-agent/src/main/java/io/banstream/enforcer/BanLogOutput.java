package io.banstream.enforcer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes lines of a ban log: all of them, or none and an {@link IOException}. */
interface BanLogOutput {
  void write(List<BanLine> lines) throws IOException;

  /**
   * @param zone of the times in a file
   */
  static BanLogOutput of(BanLogTarget target, Shell shell, ZoneId zone) {
    if (target instanceof BanLogTarget.ToFile to) {
      return lines -> append(to.file(), text(lines, line -> line.inFile(zone)));
    }
    if (target instanceof BanLogTarget.ToStream to) {
      Function<BanLine, String> form = to.timed() ? l -> l.inFile(zone) : BanLine::untimed;
      return lines -> lines.stream().map(form).forEach(to.out());
    }
    if (target instanceof BanLogTarget.ToSyslog to) {
      return lines -> syslog(shell, to.facility(), text(lines, BanLine::inSyslog));
    }
    JournalStream journal = new JournalStream(JournalStream.SOCKET);
    return lines -> journal.write(text(lines, BanLine::inJournal));
  }

  private static String text(List<BanLine> lines, Function<BanLine, String> form) {
    return lines.stream().map(form).collect(Collectors.joining("\n", "", "\n"));
  }

  /** Opened each time: a file that was rotated away is not written to any more. */
  private static void append(Path file, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")))) {
      long before = channel.size();
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException e) {
        cut(channel, before, e);
        throw e;
      }
    }
  }

  /** Half a line, where a disk is full, would spoil the next one. */
  private static void cut(FileChannel channel, long size, IOException why) {
    try {
      channel.truncate(size);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /** By logger(1), which on some hosts says nothing where there is nobody to take it. */
  private static void syslog(Shell shell, String facility, String text) throws IOException {
    List<String> words = new ArrayList<>(List.of("sh", "-c"));
    words.add(
        "[ -S /dev/log ] || { echo 'no socket /dev/log' >&2; exit 1; };"
            + " exec logger -p \"$1\" -t \"$2\"");
    words.addAll(List.of("sh", facility + ".notice", BanLine.syslogTag()));
    try {
      Shell.Result result = shell.run(words, text);
      if (!result.succeeded()) {
        throw new IOException(result.words());
      }
    } catch (FirewallException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
