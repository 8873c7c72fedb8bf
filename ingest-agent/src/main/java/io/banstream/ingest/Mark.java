package io.banstream.ingest;

/**
 * How far a jail is served on a source.
 *
 * @param generation as in Position
 * @param offset failures of lines that begin before it are sent
 */
record Mark(long generation, long offset) {
  Mark {
    if (generation < 0 || offset < 0) {
      throw new IllegalArgumentException(
          "mark = " + generation + ":" + offset + ", expected 0:0 or more");
    }
  }
}
