package io.banstream.enforcer;

import java.nio.file.Path;
import java.util.List;

/** Takes everything of ours out of this host's firewall. */
public final class Flush {
  private Flush() {}

  /**
   * Leaves the firewall as it was before the first start, tables that we caused to exist included.
   *
   * @param data the enforcer's own folder, as in {@link EnforcerSettings#data}
   * @param commandPrefix words put before every command
   * @return what was taken out, a line each
   * @throws EnforcerException if an enforcer of that folder runs, or a tool refuses
   */
  public static List<String> run(Path data, List<String> commandPrefix) {
    throw new EnforcerException("flush " + data + commandPrefix + ": not built yet");
  }
}
