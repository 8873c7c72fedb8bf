package io.banstream.ingest;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What was sent between two looks at the positions. A position taken when an epoch ended may be
 * saved once nothing of the epoch, and of those before it, is open any more.
 */
final class Epoch {
  private final AtomicInteger open = new AtomicInteger();

  void begun() {
    open.incrementAndGet();
  }

  void done() {
    open.decrementAndGet();
  }

  boolean isDone() {
    return open.get() == 0;
  }
}
