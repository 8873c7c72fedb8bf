package io.banstream.console;

import io.banstream.jails.Jail;
import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.Decision;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.PolicyRecord;
import io.banstream.schemas.ScopeRecord;
import io.banstream.schemas.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How near an address that is not banned is to a ban of one jail, told from its recent attempts.
 * The processor's window decides; this is what an operator would count by hand.
 *
 * @param policy of the jail
 * @param decisions on the address, every jail's
 * @param evidence of its bans, every jail's
 * @param recent its attempts
 */
record JailWindow(
    PolicyRecord policy,
    List<Decision> decisions,
    List<Evidence> evidence,
    RecentAttempts.Found recent,
    Instant now) {

  /** One sentence without its full stop. */
  String words() {
    Duration findtime = Duration.ofMillis(policy.getFindtimeMs());
    String before = lastDecision().map(this::ended).orElse("");
    String second =
        policy.getLongtimeMs() == null
            ? ""
            : "; " + words(Duration.ofMillis(policy.getLongtimeMs()), policy.getLongretry());
    return words(findtime, policy.getMaxretry()) + second + before;
  }

  private String words(Duration length, int retry) {
    long counted = counted(length);
    String what = countsBans() ? "ban" : "failure";
    String span = Spans.text(length);
    if (counted == 0) {
      return "no " + what + " in the last " + span;
    }
    long missing = Math.max(1, retry - counted);
    return (recent.complete() ? "" : "at least ")
        + counted
        + " of "
        + retry
        + " "
        + what
        + "s in the last "
        + span
        + (policy.getScope() == ScopeRecord.HOST ? " on one host" : "")
        + ", "
        + missing
        + " more "
        + (missing == 1 ? "bans" : "ban")
        + " it";
  }

  private boolean countsBans() {
    return JailRecords.policy(policy).bansOf().isPresent();
  }

  private boolean countsBansOf(Policy counting, String jail) {
    return !jail.equals(policy.getJail())
        && !jail.equals(Jail.RECIDIVE)
        && counting.countsBansOf(jail);
  }

  private String ended(Decision d) {
    return d.getVerdict() == Verdict.UNBAN
        ? "; the last ban was lifted at " + d.getFrom().truncatedTo(ChronoUnit.SECONDS)
        : "; the last ban ended at " + d.getUntil().truncatedTo(ChronoUnit.SECONDS);
  }

  private Optional<Decision> lastDecision() {
    return decisions.stream()
        .filter(d -> d.getJail().equals(policy.getJail()))
        .max(Comparator.comparing(Decision::getFrom));
  }

  private long counted(Duration length) {
    Instant since = now.minus(length);
    Instant cleared =
        lastDecision()
            .map(d -> d.getVerdict() == Verdict.UNBAN ? d.getFrom() : d.getUntil())
            .filter(at -> at.isAfter(since))
            .orElse(since);
    Map<String, Long> byHost = new HashMap<>();
    times()
        .forEach(
            f -> {
              if (f.time().isAfter(cleared)) {
                byHost.merge(policy.getScope() == ScopeRecord.HOST ? f.host() : "", 1L, Long::sum);
              }
            });
    return byHost.values().stream().mapToLong(n -> n).max().orElse(0);
  }

  /** Whether a network's addresses are behind the ban: no host saw those fail. */
  private static boolean isOfNetwork(Evidence e) {
    return !e.getFailures().isEmpty() && e.getFailures().get(0).getHost().isEmpty();
  }

  private record Failure(Instant time, String host) {}

  private Stream<Failure> times() {
    Policy counting = JailRecords.policy(policy);
    if (counting.bansOf().isPresent()) {
      return evidence.stream()
          .filter(e -> countsBansOf(counting, e.getJail()) && e.getWho() == null)
          .filter(e -> !isOfNetwork(e))
          .map(e -> new Failure(e.getFrom(), e.getReach()));
    }
    return attempts(Outcome.FAILURE)
        .filter(a -> !isForgiven(a))
        .map((Attempt a) -> new Failure(a.getTime(), a.getHost()));
  }

  private Stream<Attempt> attempts(Outcome outcome) {
    return recent.attempts().stream()
        .filter(a -> a.getJail().equals(policy.getJail()) && a.getOutcome() == outcome);
  }

  private boolean isForgiven(Attempt failure) {
    return policy.getForgive()
        && attempts(Outcome.SUCCESS)
            .filter(s -> !s.getTime().isBefore(failure.getTime()))
            .anyMatch(
                s ->
                    policy.getScope() == ScopeRecord.FLEET
                        || s.getHost().equals(failure.getHost()));
  }
}
