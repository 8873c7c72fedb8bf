package io.banstream.enforcer;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;

/** Where a ban log goes, in the words of fail2ban's {@code logtarget}. */
public sealed interface BanLogTarget {
  /** A file that is appended to, made where it is missing. */
  record ToFile(Path file) implements BanLogTarget {
    public ToFile {
      if (!file.isAbsolute()) {
        throw new IllegalArgumentException(
            "ban log = " + file + ", expected STDOUT, SYSLOG or a file from / on");
      }
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }

  /**
   * @param out gets each line without its end
   */
  record ToStdout(Consumer<String> out) implements BanLogTarget {
    public ToStdout {
      Objects.requireNonNull(out);
    }

    @Override
    public String toString() {
      return "STDOUT";
    }
  }

  /** The host's own, facility {@code daemon}, as fail2ban's. */
  record ToSyslog() implements BanLogTarget {
    @Override
    public String toString() {
      return "SYSLOG";
    }
  }

  /**
   * @param out what STDOUT means
   * @throws IllegalArgumentException in one line, if the text is no target
   */
  static BanLogTarget parse(String text, Consumer<String> out) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "STDOUT" -> new ToStdout(out);
      case "SYSLOG" -> new ToSyslog();
      default -> new ToFile(Path.of(text));
    };
  }
}
