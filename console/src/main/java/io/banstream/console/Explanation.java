package io.banstream.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.schemas.Address;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.PolicyRecord;
import io.banstream.schemas.Skipped;
import io.banstream.schemas.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Everything that is known of an address, as JSON: why it is banned, or why it is not. */
final class Explanation {
  private final View view;
  private final Address address;
  private final RecentAttempts.Found recent;
  private final Instant now;
  private final List<Decision> decisions;
  private final List<AllowRecord> allows;

  /**
   * @param recent its attempts of late
   */
  Explanation(View view, Address address, RecentAttempts.Found recent, Instant now) {
    this.view = view;
    this.address = address;
    this.recent = recent;
    this.now = now;
    this.decisions = view.decisionsAbout(address);
    this.allows = view.allowsOf(address, now).toList();
  }

  ObjectNode answer() {
    ObjectNode answer = Json.object().put("address", address.toString());
    answer.put("summary", summary());
    answer.set(
        "bans",
        Json.array(
            decisions.stream()
                .filter(d -> Decisions.inForce(d, now))
                .map(d -> BanAnswer.whole(d, evidence(d), now))));
    answer.set("over", over());
    answer.set("allows", Json.array(allows.stream().map(Answers::allow)));
    answer.set("skipped", skipped());
    ArrayNode jails = answer.putArray("jails");
    policies()
        .forEach(
            (jail, policy) ->
                jails.addObject().put("jail", jail).put("state", state(jail, policy)));
    Optional<Attempt> success =
        recent.attempts().stream() // newest first
            .filter(a -> a.getOutcome() == Outcome.SUCCESS)
            .findFirst();
    answer.set("lastSuccess", success.map(Explanation::attempt).orElse(null));
    answer.set("attempts", Json.array(recent.attempts().stream().map(Explanation::attempt)));
    answer.put("attemptsComplete", recent.complete());
    Json.instant(answer, "attemptsSince", recent.since());
    return answer;
  }

  private String summary() {
    List<Decision> inForce = decisions.stream().filter(d -> Decisions.inForce(d, now)).toList();
    if (!allows.isEmpty()) {
      AllowRecord a = allows.get(0);
      return "Allowed: "
          + a.getTarget()
          + ", by "
          + a.getWho()
          + (a.getUntil() == null ? "" : ", " + Spans.until(a.getUntil()));
    }
    if (!inForce.isEmpty()) {
      Decision longest =
          inForce.stream()
              .max(Comparator.comparing(d -> d.getUntil() == null ? Instant.MAX : d.getUntil()))
              .get();
      return "Banned "
          + where(longest)
          + " "
          + Spans.until(longest.getUntil())
          + left(longest)
          + " by "
          + longest.getJail()
          + (inForce.size() > 1 ? " and " + (inForce.size() - 1) + " more" : "");
    }
    return decisions.isEmpty() && recent.attempts().isEmpty()
        ? "Not banned; nothing is known of it"
        : "Not banned";
  }

  private String where(Decision d) {
    String what = d.getAddress().equals(address.toString()) ? "" : "as " + d.getAddress() + " ";
    return what + (d.getReach().equals(DecisionKey.FLEET) ? "on every host" : "on " + d.getReach());
  }

  private String left(Decision d) {
    return d.getUntil() == null
        ? ""
        : " (" + Spans.text(Duration.between(now, d.getUntil())) + " left)";
  }

  private Optional<Evidence> evidence(Decision d) {
    return view.evidenceOf(DecisionKey.of(d), d.getFrom())
        .map(e -> EvidenceLines.filled(e, recent.attempts()));
  }

  /** Bans that are over: what evidence there is of them, newest first. */
  private ArrayNode over() {
    Set<EvidenceLog.Ban> current = new HashSet<>();
    decisions.stream()
        .filter(d -> Decisions.inForce(d, now))
        .forEach(d -> current.add(new EvidenceLog.Ban(DecisionKey.of(d), d.getFrom())));
    return Json.array(
        Stream.concat(
                Stream.of(address), decisions.stream().map(d -> Address.parse(d.getAddress())))
            .distinct()
            .flatMap(a -> view.evidenceAbout(a).stream())
            .filter(
                e ->
                    !current.contains(
                        new EvidenceLog.Ban(
                            new DecisionKey(
                                Address.parse(e.getAddress()), e.getJail(), e.getReach()),
                            e.getFrom())))
            .map(e -> BanAnswer.past(EvidenceLines.filled(e, recent.attempts()), lifted(e), now)));
  }

  /** When an unban ended it; null: it ran its time, or that is no longer known. */
  private Instant lifted(Evidence e) {
    return decisions.stream()
        .filter(d -> d.getVerdict() == Verdict.UNBAN)
        .filter(d -> d.getJail().equals(e.getJail()) && d.getReach().equals(e.getReach()))
        .filter(d -> d.getAddress().equals(e.getAddress()) && !d.getFrom().isBefore(e.getFrom()))
        .map(Decision::getFrom)
        .filter(at -> e.getUntil() == null || at.isBefore(e.getUntil()))
        .findFirst()
        .orElse(null);
  }

  private ArrayNode skipped() {
    return Json.array(
        view.enforcements().stream()
            .flatMap(
                e ->
                    e.getSkipped().stream()
                        .filter(s -> concerns(s))
                        .map(
                            s ->
                                Json.object()
                                    .put("host", e.getHost())
                                    .put("jail", e.getJail())
                                    .put("address", s.getAddress())
                                    .put("why", s.getWhy()))));
  }

  private boolean concerns(Skipped s) {
    return Address.tryParse(s.getAddress())
        .map(a -> a.contains(address) || address.contains(a))
        .orElse(false);
  }

  private Map<String, PolicyRecord> policies() {
    Map<String, PolicyRecord> policies = new TreeMap<>();
    view.jails().forEach(r -> policies.put(r.getJail(), r.getPolicy()));
    return policies;
  }

  /** One sentence without its full stop. */
  private String state(String jail, PolicyRecord policy) {
    Optional<Decision> ban =
        decisions.stream()
            .filter(d -> d.getJail().equals(jail) && Decisions.inForce(d, now))
            .min(Comparator.comparing(Decision::getReach)); // the fleet's before any host's
    if (ban.isPresent()) {
      Decision d = ban.get();
      return "banned "
          + where(d)
          + " "
          + Spans.until(d.getUntil())
          + left(d)
          + (d.getNth() > 1 ? ", for the " + ordinal(d.getNth()) + " time" : "")
          + (d.getLimited() ? limited(d, policy) : "");
    }
    Optional<String> ignored =
        policy.getIgnoreip().stream().filter(n -> Address.parse(n).contains(address)).findFirst();
    if (ignored.isPresent()) {
      return "never counted: ignoreip has " + ignored.get();
    }
    return new JailWindow(policy, decisions, view.evidenceAbout(address), recent, now).words();
  }

  /** Why the other hosts don't have the ban. */
  private String limited(Decision d, PolicyRecord policy) {
    if (view.guardTrips(Instant.EPOCH).stream().anyMatch(t -> t.isOfKnown(d.getAddress()))) {
      return "; on " + d.getReach() + " only, for it is an address that logs in (known.days)";
    }
    return "; on "
        + d.getReach()
        + " only, "
        + (policy.getGuardConfirm()
            ? "until another host sees a failure of it (guard.confirm)"
            : "whose word alone has made too many bans on the others (guard.bans)");
  }

  static String ordinal(int n) {
    boolean teen = n % 100 >= 11 && n % 100 <= 13;
    String suffix =
        teen
            ? "th"
            : switch (n % 10) {
              case 1 -> "st";
              case 2 -> "nd";
              case 3 -> "rd";
              default -> "th";
            };
    return n + suffix;
  }

  private static ObjectNode attempt(Attempt a) {
    ObjectNode node = Json.object();
    Json.instant(node, "time", a.getTime());
    return node.put("outcome", a.getOutcome().name().toLowerCase(Locale.ROOT))
        .put("jail", a.getJail())
        .put("address", a.getAddress())
        .put("host", a.getHost())
        .put("user", a.getUser())
        .put("line", a.getLine());
  }
}
