package io.banstream.console;

import io.banstream.schemas.Totals;
import java.time.Instant;

/**
 * What was counted for a jail, over partitions.
 *
 * @param failing addresses with a failure in their window now and no ban
 * @param failed failures counted, ever
 * @param banned bans decided, ever
 * @param ignored failures on ignoreip or the allow list
 * @param late failures too old for their window, or during a ban
 * @param past bans that were over when they were decided
 * @param repeated failures delivered again, and dropped
 */
record Figures(
    long failing, long failed, long banned, long ignored, long late, long past, long repeated) {
  static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0);

  Figures plus(Totals t, Instant now) {
    // What counts is written when it changes; that a window has emptied by itself is not.
    boolean over = t.getFailingUntil() != null && !t.getFailingUntil().isAfter(now);
    return new Figures(
        failing + (over ? 0 : t.getFailing()),
        failed + t.getFailed(),
        banned + t.getBanned(),
        ignored + t.getIgnored(),
        late + t.getLate(),
        past + t.getPast(),
        repeated + t.getRepeated());
  }
}
