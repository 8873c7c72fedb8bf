package io.banstream.enforcer;

import java.util.LinkedHashSet;
import java.util.Set;

/** What records changed in a table. */
final class Touched {
  private final Set<Entry> entries = new LinkedHashSet<>();
  private boolean jails;
  private boolean exempt;

  void entry(Entry entry) {
    entries.add(entry);
  }

  void jails() {
    jails = true;
  }

  void exempt() {
    exempt = true;
  }

  /** Entries whose bans changed. */
  Set<Entry> entries() {
    return entries;
  }

  /** Whether jails came, changed or went. */
  boolean changedJails() {
    return jails;
  }

  /** Whether other addresses may be never banned now. */
  boolean changedExempt() {
    return exempt;
  }
}
