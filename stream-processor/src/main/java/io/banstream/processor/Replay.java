package io.banstream.processor;

import io.banstream.jails.Jail;
import java.util.List;

/**
 * What the rules would have decided over failures from log files: no Kafka, no guard, no append
 * time. Failures are added in the order of their time; equal times by host name, then line.
 */
public final class Replay {
  /**
   * @param jails the enabled jails, recidive among them if it is
   */
  public Replay(List<Jail> jails) {
    List.copyOf(jails);
  }

  /**
   * The bans that this failure makes: none, the jail's, or the jail's and recidive's.
   *
   * @throws IllegalArgumentException if the jail is not among those given
   */
  public List<ReplayDecision> add(ReplayFailure failure) {
    throw new UnsupportedOperationException(failure.jail());
  }
}
