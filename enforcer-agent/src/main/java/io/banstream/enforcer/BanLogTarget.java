package io.banstream.enforcer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a ban log goes, in the words of fail2ban's {@code logtarget}. */
public sealed interface BanLogTarget {
  /** A file that is appended to, made where it is missing. */
  record ToFile(Path file) implements BanLogTarget {
    public ToFile {
      if (!file.isAbsolute()) {
        throw new IllegalArgumentException(
            "expected STDOUT, SYSOUT, STDERR, SYSLOG, SYSTEMD-JOURNAL or a file from / on");
      }
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }

  /**
   * An output of this process.
   *
   * @param name fail2ban's word for it
   * @param out gets each line without its end
   * @param timed whether a line begins with its time
   */
  record ToStream(String name, Consumer<String> out, boolean timed) implements BanLogTarget {
    public ToStream {
      Objects.requireNonNull(name);
      Objects.requireNonNull(out);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * The host's syslog.
   *
   * @param facility as logger(1) has it
   */
  record ToSyslog(String facility) implements BanLogTarget {
    /** With the one option of fail2ban's that is known here. */
    private static final Pattern WORD =
        Pattern.compile(
            "SYSLOG(?:\\s*\\[\\s*facility\\s*=\\s*([\"']?)"
                + "(auth|authpriv|cron|daemon|ftp|lpr|mail|news|syslog|user|uucp|local[0-7])"
                + "\\1\\s*\\])?",
            Pattern.CASE_INSENSITIVE);

    public ToSyslog {
      Objects.requireNonNull(facility);
    }

    @Override
    public String toString() {
      return "SYSLOG";
    }
  }

  /** systemd's. */
  record ToJournal() implements BanLogTarget {
    @Override
    public String toString() {
      return "SYSTEMD-JOURNAL";
    }
  }

  /**
   * @param out what STDOUT means
   * @param err what STDERR means
   * @throws IllegalArgumentException if the text is no target; says what is expected
   */
  static BanLogTarget parse(String text, Consumer<String> out, Consumer<String> err) {
    Matcher syslog = ToSyslog.WORD.matcher(text);
    if (syslog.matches()) {
      String facility = syslog.group(2) == null ? "daemon" : syslog.group(2);
      return new ToSyslog(facility.toLowerCase(Locale.ROOT));
    }
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "STDOUT" -> new ToStream("STDOUT", out, true);
      case "SYSOUT" -> new ToStream("SYSOUT", out, false);
      case "STDERR" -> new ToStream("STDERR", err, true);
      case "SYSTEMD-JOURNAL" -> new ToJournal();
      default -> new ToFile(file(text));
    };
  }

  private static Path file(String text) {
    if (text.endsWith("]")) {
      throw new IllegalArgumentException("expected no option but SYSLOG[facility=NAME]");
    }
    Path file = Path.of(text);
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException("expected a file, not a folder");
    }
    return file;
  }
}
