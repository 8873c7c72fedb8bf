package io.banstream.processor;

import java.util.HashMap;
import java.util.Map;

/**
 * One string for each name of a jail, a host or a log, though a record brings a new one each time:
 * what has been checked is not checked again, its hash is known, and finding it is no comparison of
 * letters. One task's.
 */
final class Names {
  /** Who writes records could make up any number. */
  private static final int MOST = 10_000;

  private final Map<String, String> known = new HashMap<>();
  private final Map<String, String> parts = new HashMap<>();

  /** The name as it was first met. */
  String one(String name) {
    return one(known, name);
  }

  /**
   * The same of a name that is to be a part of keys.
   *
   * @param what it is, for the message
   */
  String part(String what, String name) throws Unbelievable {
    String first = parts.get(name);
    if (first == null) {
      Reading.requireName(what, name);
      first = one(parts, one(known, name));
    }
    return first;
  }

  private static String one(Map<String, String> names, String name) {
    if (names.size() > MOST) {
      names.clear();
    }
    String first = names.putIfAbsent(name, name);
    return first == null ? name : first;
  }
}
