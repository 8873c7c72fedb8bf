package io.banstream.jails;

import java.util.Map;
import java.util.Objects;

/**
 * An action of a jail, in fail2ban's words.
 *
 * @param name that fail2ban knows it by: {@code actname}, or the file's name
 * @param file in action.d, without {@code .conf}
 * @param values what it is given and what it says, by key: commands with all their tags put in that
 *     stand before a ban does, the other options as they were given
 */
public record ResolvedAction(String name, String file, Map<String, String> values) {
  public ResolvedAction {
    Objects.requireNonNull(name);
    Objects.requireNonNull(file);
    values = Map.copyOf(values);
  }
}
