package io.banstream.jails;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an enabled jail's section came to, in fail2ban's words: what {@code fail2ban-client -d}
 * would tell the server, and a {@link Jail} is made of.
 *
 * @param name of the jail
 * @param values by key, every {@code %(name)s} put in; a key that neither the section nor DEFAULT
 *     has is not there
 * @param actions in the order of the key {@code action}
 */
public record ResolvedJail(String name, Map<String, String> values, List<ResolvedAction> actions) {
  public ResolvedJail {
    Objects.requireNonNull(name);
    values = Map.copyOf(values);
    actions = List.copyOf(actions);
  }
}
