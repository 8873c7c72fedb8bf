package io.banstream.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Finds a short part of a failing list that still fails. */
public final class Shrink {
  private Shrink() {}

  /**
   * Takes pieces out, large ones first, as long as what is left fails; ends where no single element
   * can go.
   *
   * @param failing for which {@code fails} holds
   */
  public static <T> List<T> failing(List<T> failing, Predicate<List<T>> fails) {
    List<T> shortest = failing;
    int piece = Math.max(1, failing.size() / 2);
    boolean shrunk = false;
    while (true) {
      for (int at = 0; at < shortest.size(); ) {
        List<T> without = new ArrayList<>(shortest.subList(0, at));
        without.addAll(shortest.subList(Math.min(at + piece, shortest.size()), shortest.size()));
        if (fails.test(without)) {
          shortest = without;
          shrunk = true;
        } else {
          at += piece;
        }
      }
      if (piece == 1 && !shrunk) {
        return List.copyOf(shortest);
      }
      shrunk = false;
      piece = Math.max(1, piece / 2);
    }
  }
}
