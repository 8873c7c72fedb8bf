package io.banstream.console;

import io.banstream.jails.Jail;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.EvidenceFailure;
import io.banstream.schemas.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A ban or an unban that came into force.
 *
 * @param decision what was decided
 * @param evidence what is behind it, where that is known
 * @param why of an unban: why
 */
record Announcement(Decision decision, Optional<Evidence> evidence, Optional<String> why) {
  private static final int HOSTS_NAMED = 5;

  /** One line, safe for a terminal. */
  String line() {
    String where =
        decision.getAddress()
            + " in "
            + decision.getJail()
            + (decision.getReach().equals(DecisionKey.FLEET) ? "" : " on " + decision.getReach());
    String line =
        decision.getVerdict() == Verdict.BAN
            ? "Ban " + where + " " + Spans.until(decision.getUntil()) + ": " + cause()
            : "Unban " + where + ": " + why.orElse("lifted");
    return Plain.text(line);
  }

  private String cause() {
    Optional<String> who = evidence.map(Evidence::getWho);
    if (who.isPresent()) {
      return "said by " + who.get() + evidence.map(Evidence::getWhy).map(w -> ", " + w).orElse("");
    }
    if (decision.getFailures() == 0) {
      return "said by an operator";
    }
    if (decision.getNetwork()) {
      int count = decision.getFailures();
      return count + (count == 1 ? " address" : " addresses") + " banned";
    }
    String what = decision.getJail().equals(Jail.RECIDIVE) ? "ban" : "failure";
    String count =
        decision.getFailures() + " " + what + (decision.getFailures() == 1 ? "" : "s") + within();
    List<String> hosts = hosts();
    if (hosts.isEmpty()) {
      return count;
    }
    String named = String.join(", ", hosts.subList(0, Math.min(hosts.size(), HOSTS_NAMED)));
    int more = hosts.size() - HOSTS_NAMED;
    return count + " on " + named + (more > 0 ? " and " + more + " more" : "");
  }

  private String within() {
    return evidence
        .map(Evidence::getLongtimeMs)
        .map(t -> " within " + Spans.text(Duration.ofMillis(t)))
        .orElse("");
  }

  /** The hosts that logged the failures. */
  List<String> hosts() {
    return evidence.stream()
        .flatMap(e -> e.getFailures().stream())
        .map(EvidenceFailure::getHost)
        .filter(h -> !h.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }
}
