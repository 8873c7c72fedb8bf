package io.banstream.enforcer;

import io.banstream.schemas.Skipped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an enforcer has to say of one jail.
 *
 * @param withdrawn it is no longer in force here: its record is to go
 * @param applied entries put in or taken out since the agent began
 * @param failed those that the kernel refused
 * @param mended entries that others had changed, put right since the agent began
 * @param error the last refusal
 * @param skipped decisions that are not applied here
 * @param reached for each partition of decisions, the offset up to which all is applied
 */
record JailState(
    String jail,
    boolean withdrawn,
    long applied,
    long failed,
    long mended,
    Optional<String> error,
    List<Skipped> skipped,
    Map<Integer, Long> reached) {
  JailState {
    skipped = List.copyOf(skipped);
    reached = Map.copyOf(reached);
  }
}
