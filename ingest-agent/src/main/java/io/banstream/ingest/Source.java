package io.banstream.ingest;

import io.banstream.schemas.SourceStatus;
import java.io.Closeable;

/** Something that is followed: a log, the journal. Used by the reading thread alone. */
interface Source extends Closeable {
  /**
   * Reads on for a while and sends what is found.
   *
   * @return whether there is more to read at once
   */
  boolean read();

  /** Whether it has been read, once at least, to where it ended then. */
  boolean isCaughtUp();

  SourceStatus status();

  @Override
  void close();
}
