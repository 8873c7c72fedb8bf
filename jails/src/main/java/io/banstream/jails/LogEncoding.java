package io.banstream.jails;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Character sets by the names that Python has for them, as {@code logencoding} has: upper or lower
 * case, with any of {@code -}, {@code _} and blank or none between its parts.
 */
final class LogEncoding {
  private LogEncoding() {}

  /**
   * @param name {@code auto} is UTF-8
   * @throws IllegalArgumentException if there is no such character set, or its lines do not end
   *     with the one byte by which logs are cut into lines
   */
  static Charset parse(String name) {
    if (name.equalsIgnoreCase("auto")) {
      return StandardCharsets.UTF_8;
    }
    String dashed = name.strip().replaceAll("[ _]", "-");
    for (String form : List.of(dashed, dashed.replace("-", ""), dashed.replace('-', '_'))) {
      if (form.matches("[A-Za-z0-9][A-Za-z0-9_.:+-]*") && Charset.isSupported(form)) {
        return requireNewline(Charset.forName(form));
      }
    }
    throw new IllegalArgumentException("expected auto or a character set");
  }

  private static Charset requireNewline(Charset charset) {
    boolean is = charset.canEncode() && Arrays.equals("\n".getBytes(charset), new byte[] {'\n'});
    if (!is) {
      throw new IllegalArgumentException("expected auto or a character set with one-byte newlines");
    }
    return charset;
  }
}
