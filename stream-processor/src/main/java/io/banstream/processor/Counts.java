package io.banstream.processor;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a processor counts over all its tasks, read by other threads.
 *
 * @param attempts taken since it was started
 * @param addresses with a state in the heap
 */
record Counts(LongAdder attempts, LongAdder addresses) {
  Counts() {
    this(new LongAdder(), new LongAdder());
  }
}
