package io.banstream.ingest;

import java.util.Objects;

/**
 * How far a log was read.
 *
 * @param generation how many files before this one stood at the log's path
 * @param offset byte in this file at which the next line begins
 * @param fingerprint of this file
 */
record Place(long generation, long offset, Fingerprint fingerprint) {
  Place {
    Objects.requireNonNull(fingerprint);
    if (generation < 0 || offset < 0) {
      throw new IllegalArgumentException(
          "place = " + generation + ":" + offset + ", expected 0:0 or more");
    }
  }

  /** The beginning of the first file that is found, whichever it is. */
  static Place beginning(long generation) {
    return new Place(generation, 0, Fingerprint.NONE);
  }
}
