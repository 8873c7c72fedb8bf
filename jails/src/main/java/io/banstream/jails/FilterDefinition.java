package io.banstream.jails;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A filter as it travels: every include, {@code %(name)s} and option put in, the regular
 * expressions still fail2ban's (Python's, with {@code <HOST>} and the {@code <F-*>} tags).
 *
 * @param name as in filter.d, without {@code .conf}
 * @param prefregex what a line must match before failregex is tried on its {@code F-CONTENT}
 * @param failregex expressions that tell a failure; empty for recidive
 * @param ignoreregex expressions that take a failure back
 * @param datepattern the date's form, where it is set
 * @param maxlines lines looked at together, 1 or more
 * @param journalmatch matches for the journal, one group of {@link ShellWords} an element
 * @param successregex expressions that tell a login that succeeded; prefregex is not asked
 */
public record FilterDefinition(
    String name,
    Optional<String> prefregex,
    List<String> failregex,
    List<String> ignoreregex,
    Optional<String> datepattern,
    int maxlines,
    List<String> journalmatch,
    List<String> successregex) {
  public FilterDefinition {
    Objects.requireNonNull(name);
    Objects.requireNonNull(prefregex);
    failregex = List.copyOf(failregex);
    ignoreregex = List.copyOf(ignoreregex);
    Objects.requireNonNull(datepattern);
    if (maxlines < 1) {
      throw new IllegalArgumentException("maxlines = " + maxlines + ", expected 1 or more");
    }
    journalmatch = List.copyOf(journalmatch);
    successregex = List.copyOf(successregex);
  }
}
