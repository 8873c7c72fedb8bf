package io.banstream.schemas;

import java.util.List;

/**
 * Keys of more than one part: the parts, separated by one space, as UTF-8 text. So a key reads in
 * any Kafka tool, and the same parts are the same bytes, which compaction relies on.
 */
public final class Key {
  private Key() {}

  /**
   * @throws IllegalArgumentException if a part is empty or holds white space or a control character
   */
  public static String of(String... parts) {
    for (String part : parts) {
      requirePart(part);
    }
    return String.join(" ", parts);
  }

  /** Checks a name that is to be a part of keys: a jail's, a host's, a group's. */
  public static String requirePart(String part) {
    boolean clean = !part.isEmpty();
    for (int i = 0; i < part.length(); i++) {
      clean &= part.charAt(i) > ' ' && part.charAt(i) != 0x7F;
    }
    if (!clean) {
      throw new IllegalArgumentException(
          "'"
              + part.replaceAll("\\p{Cntrl}", "?")
              + "' can't be a name: expected no blank, no control character, and not nothing");
    }
    return part;
  }

  /** The parts of a key, as many as it has. */
  public static List<String> parts(String key) {
    return List.of(key.split(" ", -1));
  }
}
