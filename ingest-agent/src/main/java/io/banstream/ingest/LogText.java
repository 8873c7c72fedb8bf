package io.banstream.ingest;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A line of a log as it may leave the host: passwords blanked, no control characters, short. */
final class LogText {
  /** The most bytes of UTF-8 that are sent of a line. */
  static final int MOST = 512;

  /** Past this nothing can come to stand in the first {@link #MOST} bytes. */
  private static final int LOOKED_AT = 4 * MOST;

  /** As Dovecot's {@code resp=} and {@code given password:} and others' {@code pass=}. */
  private static final Pattern PASSWORD =
      Pattern.compile(
          "\\b(resp|pass|passwd|password|pwd|secret|token)(=|: ?)(\"[^\"]*\"?|'[^']*'?|<[^>]*>?|[^\\s,;)>\\]]+)",
          Pattern.CASE_INSENSITIVE);

  private LogText() {}

  static String of(byte[] buf, int from, int to) {
    int end = Math.min(to, from + LOOKED_AT);
    String text = new String(buf, from, end - from, StandardCharsets.UTF_8);
    return cut(PASSWORD.matcher(clean(text)).replaceAll("$1$2***"), MOST);
  }

  /** An account's name: cleaned and cut. */
  static String user(String user) {
    return cut(clean(user), MOST);
  }

  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text);
    for (int i = 0; i < clean.length(); i++) {
      if (Character.isISOControl(clean.charAt(i))) {
        clean.setCharAt(i, '?');
      }
    }
    return clean.toString();
  }

  /** At most {@code most} bytes of UTF-8, no character broken. */
  private static String cut(String text, int most) {
    int bytes = 0;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (bytes > most) {
        return text.substring(0, i);
      }
      i += Character.charCount(c);
    }
    return text;
  }
}
