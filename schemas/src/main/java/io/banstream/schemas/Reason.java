package io.banstream.schemas;

import java.util.LinkedHashSet;
import java.util.Set;

/** Why something failed, in one line for people. */
public final class Reason {
  private Reason() {}

  /**
   * Its message and those of its causes, as Kafka's "Failed to construct kafka producer" says
   * nothing without them. What a message repeats of its cause is said once.
   */
  public static String of(Throwable e) {
    Set<String> said = new LinkedHashSet<>();
    String before = "";
    for (Throwable t = e; t != null; t = t.getCause()) {
      String message = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
      if (!before.contains(message)) {
        said.add(message);
      }
      before = message;
    }
    return String.join(": ", said).replaceAll("\\s*\\R\\s*", " ");
  }
}
