package io.banstream.ingest;

import io.banstream.jails.Match;
import java.time.Instant;
import java.util.List;

/** Finds failures in the lines of one source, given in order. Keeps state from line to line. */
@FunctionalInterface
interface Recognizer {
  /**
   * @param time of a file's line: when it was read; of the journal's: when it happened
   */
  List<Match> recognize(byte[] buf, int from, int to, Instant time);
}
