package io.banstream.ingest;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Up to where the broker has everything.
 *
 * @param incarnation random id made with the data folder: positions count anew with a new one
 * @param files by path
 * @param journals by jail
 * @param tails by jail: the paths to be read from their end that it has looked at once; what comes
 *     there later is read whole
 * @param standIns the jails that read the journal because none of their logs is there; whether it
 *     told of a failure
 */
record Checkpoint(
    String incarnation,
    Map<String, FilePoint> files,
    Map<String, JournalPoint> journals,
    Map<String, Set<String>> tails,
    Map<String, Boolean> standIns) {
  Checkpoint {
    if (incarnation.isBlank()) {
      throw new IllegalArgumentException("incarnation is missing");
    }
    files = new TreeMap<>(files);
    journals = new TreeMap<>(journals);
    tails = new TreeMap<>(tails);
    tails.replaceAll((jail, paths) -> new TreeSet<>(paths));
    standIns = new TreeMap<>(standIns);
  }

  /**
   * A log file.
   *
   * @param place up to where it was read
   * @param jails up to where each jail was served: past the place where the file is being read once
   *     more for a jail that came later
   */
  record FilePoint(Place place, Map<String, Mark> jails) {
    FilePoint {
      Objects.requireNonNull(place);
      jails = new TreeMap<>(jails);
    }
  }

  /**
   * A jail's journal.
   *
   * @param generation how often the journal's numbering began anew
   * @param sequence id of the present numbering; empty: nothing was read yet
   * @param index the last entry read, in it
   * @param cursor journalctl's, of that entry; empty: nothing was read yet
   * @param since where reading began, in epoch seconds, for as long as there is no cursor
   */
  record JournalPoint(
      long generation, String sequence, long index, Optional<String> cursor, long since) {
    JournalPoint {
      Objects.requireNonNull(sequence);
      Objects.requireNonNull(cursor);
    }

    static JournalPoint since(long epochSecond) {
      return new JournalPoint(0, "", -1, Optional.empty(), epochSecond);
    }
  }
}
