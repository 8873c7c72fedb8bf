package io.banstream.console;

import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tells each ban and unban as it comes into force, once. A decision waits for its evidence, which
 * another topic brings, but not long; what came before it is told before it.
 *
 * <p>Not for use by several threads.
 */
final class Announcer {
  /** How long a decision waits for its evidence. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private record Waiting(Decision decision, Instant since) {}

  private final BiFunction<DecisionKey, Instant, Optional<Evidence>> evidence;
  private final Function<Decision, Optional<String>> whyLifted;
  private final Consumer<Announcement> out;
  private final Deque<Waiting> queue = new ArrayDeque<>();

  /**
   * @param evidence what is known of a ban by now
   * @param whyLifted why a ban may have been lifted, as far as is known by now
   */
  Announcer(
      BiFunction<DecisionKey, Instant, Optional<Evidence>> evidence,
      Function<Decision, Optional<String>> whyLifted,
      Consumer<Announcement> out) {
    this.evidence = evidence;
    this.whyLifted = whyLifted;
    this.out = out;
  }

  /** A decision has come, in place of {@code before}. */
  void decided(Optional<Decision> before, Decision decision, Instant now) {
    boolean again =
        before
            .filter(b -> b.getVerdict() == decision.getVerdict())
            .filter(b -> b.getFrom().equals(decision.getFrom()))
            .isPresent();
    boolean news =
        decision.getVerdict() == Verdict.BAN
            ? Decisions.inForce(decision, now)
            : before.filter(b -> Decisions.inForce(b, decision.getFrom())).isPresent();
    if (news && !again) {
      queue.addLast(new Waiting(decision, now));
    }
  }

  /** Tells what is complete, and what has waited long enough. */
  void tell(Instant now) {
    while (!queue.isEmpty()) {
      Waiting first = queue.peekFirst();
      Decision decision = first.decision();
      Optional<Evidence> found = evidence.apply(DecisionKey.of(decision), decision.getFrom());
      Optional<String> why =
          decision.getVerdict() == Verdict.UNBAN ? whyLifted.apply(decision) : Optional.empty();
      boolean complete = found.isPresent() || why.isPresent();
      if (!complete && now.isBefore(first.since().plus(PATIENCE))) {
        return;
      }
      queue.removeFirst();
      out.accept(new Announcement(decision, found, why.or(() -> found.flatMap(Announcer::said))));
    }
  }

  private static Optional<String> said(Evidence evidence) {
    return Optional.ofNullable(evidence.getWho())
        .map(who -> "said by " + who + (evidence.getWhy() == null ? "" : ", " + evidence.getWhy()));
  }
}
