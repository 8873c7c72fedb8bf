package io.banstream.jails;

import java.util.Objects;
import java.util.function.Function;

/**
 * A value as it was written, which is read only by who has a use for it.
 *
 * @param where file and line, as {@code fail2ban.local:3}
 */
public record WrittenValue(String where, String key, String text) {
  public WrittenValue {
    Objects.requireNonNull(where);
    Objects.requireNonNull(key);
    Objects.requireNonNull(text);
  }

  /**
   * @param reader throws IllegalArgumentException, saying what is expected, where it can't read it
   */
  public <T> T read(Function<String, T> reader) throws ConfigurationException {
    return JailValues.read(where, key, text, reader);
  }
}
