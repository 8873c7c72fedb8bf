package io.banstream.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.schemas.Decision;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.EvidenceFailure;
import io.banstream.schemas.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** A ban as JSON: the same fields wherever one is shown. */
final class BanAnswer {
  private BanAnswer() {}

  /** What stands in lists: without the failures' lines. */
  static ObjectNode brief(Decision d, Optional<Evidence> evidence, Instant now) {
    ObjectNode ban = Json.object();
    ban.put("address", d.getAddress()).put("jail", d.getJail()).put("reach", d.getReach());
    ban.put("limited", d.getLimited());
    ban.put("network", d.getNetwork());
    times(ban, d.getFrom(), d.getUntil(), now, Decisions.inForce(d, now));
    ban.put("lifted", d.getVerdict() == Verdict.UNBAN);
    ban.put("nth", d.getNth()).put("failures", d.getFailures());
    behind(ban, d, evidence);
    return ban;
  }

  private static void behind(ObjectNode ban, Decision d, Optional<Evidence> evidence) {
    ban.set("hosts", Json.strings(new Announcement(d, evidence, Optional.empty()).hosts()));
    longtime(ban, evidence.map(Evidence::getLongtimeMs).orElse(null));
    ban.put("who", evidence.map(Evidence::getWho).orElse(null));
    ban.put("why", evidence.map(Evidence::getWhy).orElse(null));
  }

  /** With the failures' lines. */
  static ObjectNode whole(Decision d, Optional<Evidence> evidence, Instant now) {
    ObjectNode ban = brief(d, evidence, now);
    ban.set("evidence", Json.array(evidence.stream().flatMap(BanAnswer::failures)));
    return ban;
  }

  /**
   * A ban of which only the evidence is left.
   *
   * @param lifted when an unban ended it; null: none did
   */
  static ObjectNode past(Evidence e, Instant lifted, Instant now) {
    ObjectNode ban = Json.object();
    ban.put("address", e.getAddress()).put("jail", e.getJail()).put("reach", e.getReach());
    times(ban, e.getFrom(), e.getUntil(), now, false);
    Json.instant(ban, "liftedAt", lifted);
    ban.put("failures", e.getFailures().size());
    longtime(ban, e.getLongtimeMs());
    ban.put("who", e.getWho()).put("why", e.getWhy());
    ban.set("evidence", Json.array(failures(e)));
    return ban;
  }

  /** Seconds; null where findtime's window was full. */
  private static void longtime(ObjectNode ban, Long millis) {
    if (millis == null) {
      ban.putNull("longtime");
    } else {
      ban.put("longtime", millis / 1_000);
    }
  }

  private static void times(
      ObjectNode ban, Instant from, Instant until, Instant now, boolean inForce) {
    Json.instant(ban, "from", from);
    Json.instant(ban, "until", until);
    ban.put("inForce", inForce);
    if (inForce && until != null) {
      ban.put("secondsLeft", Duration.between(now, until).toSeconds());
    } else {
      ban.putNull("secondsLeft");
    }
  }

  private static Stream<ObjectNode> failures(Evidence e) {
    return e.getFailures().stream().map(BanAnswer::failure);
  }

  private static ObjectNode failure(EvidenceFailure f) {
    ObjectNode node = Json.object();
    Json.instant(node, "time", f.getTime());
    return node.put("host", f.getHost()).put("user", f.getUser()).put("line", f.getLine());
  }
}
