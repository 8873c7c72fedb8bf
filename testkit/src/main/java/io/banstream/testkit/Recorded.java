package io.banstream.testkit;

import io.banstream.schemas.AllowOrder;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.BanOrder;
import io.banstream.schemas.Command;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DisallowOrder;
import io.banstream.schemas.NetworkNote;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.PolicyMarker;
import io.banstream.schemas.PolicyRecord;
import io.banstream.schemas.ScopeRecord;
import io.banstream.schemas.UnbanOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Records of the topics in the words of the model. */
public final class Recorded {
  private Recorded() {}

  public static ModelEvent.Login login(Attempt a, Instant appended) {
    var p = a.getPosition();
    var position =
        new ModelEvent.Position(
            p.getIncarnation(), p.getSource(), p.getGeneration(), p.getOffset(), p.getOrdinal());
    if (a.getOutcome() == Outcome.SUCCESS) {
      return new ModelEvent.Success(
          appended, a.getHost(), position, a.getJail(), a.getAddress(), a.getTime());
    }
    return new ModelEvent.Failure(
        appended,
        a.getHost(),
        position,
        a.getJail(),
        a.getAddress(),
        a.getTime(),
        Optional.ofNullable(a.getUser()).orElse(""));
  }

  public static ModelEvent command(Command c, Instant appended) {
    Instant time = c.getTime();
    Object order = c.getOrder();
    if (order instanceof BanOrder ban) {
      return new ModelEvent.Ban(
          appended,
          time,
          ban.getAddress(),
          ban.getJail(),
          Optional.ofNullable(ban.getUntil()),
          Optional.ofNullable(ban.getImported())
              .map(i -> new ModelEvent.Imported(i.getFrom(), i.getHost())));
    } else if (order instanceof UnbanOrder unban) {
      return new ModelEvent.Unban(
          appended,
          time,
          unban.getAddress(),
          Optional.ofNullable(unban.getJail()),
          unban.getKeepHistory());
    } else if (order instanceof AllowOrder allow) {
      var said = allow.getAllow();
      return new ModelEvent.Allow(
          appended,
          time,
          said.getTarget(),
          said.getAddresses(),
          Optional.ofNullable(said.getUntil()));
    } else if (order instanceof DisallowOrder disallow) {
      return new ModelEvent.Disallow(appended, time, disallow.getTarget());
    } else if (order instanceof NetworkNote note) {
      return note(note, appended);
    }
    PolicyMarker marker = (PolicyMarker) order;
    return new ModelEvent.Marker(
        appended,
        time,
        marker.getVersion(),
        marker.getPolicies().stream().map(Recorded::policy).toList(),
        marker.getPartitions());
  }

  private static ModelEvent.Note note(NetworkNote n, Instant appended) {
    return new ModelEvent.Note(
        appended,
        n.getJail(),
        n.getNetwork(),
        n.getAddress(),
        n.getFrom(),
        Optional.ofNullable(n.getUntil()));
  }

  private static ModelPolicy policy(PolicyRecord r) {
    return new ModelPolicy(
        r.getJail(),
        Duration.ofMillis(r.getFindtimeMs()),
        r.getBantimeMs() == -1
            ? Optional.empty()
            : Optional.of(Duration.ofMillis(r.getBantimeMs())),
        r.getMaxretry(),
        r.getIgnoreip(),
        r.getScope() == ScopeRecord.HOST,
        r.getIpv6prefix(),
        new ModelPolicy.Increment(
            r.getIncrement(),
            r.getFactor(),
            r.getMultipliers(),
            Optional.ofNullable(r.getMaxtimeMs()).map(Duration::ofMillis),
            Duration.ofMillis(r.getRndtimeMs()),
            r.getOveralljails(),
            Optional.ofNullable(r.getFormula())),
        Duration.ofMillis(r.getDbpurgeageMs()),
        new ModelPolicy.Guard(
            r.getGuardBans(),
            Duration.ofMillis(r.getGuardTimeMs()),
            r.getGuardConfirm(),
            r.getGuardSpare()),
        Optional.ofNullable(r.getLongtimeMs())
            .map(t -> new ModelPolicy.Slow(Duration.ofMillis(t), r.getLongretry())),
        Optional.ofNullable(r.getBansOf()).map(Set::copyOf).or(() -> recidive(r.getJail())),
        new ModelPolicy.Trust(r.getForgive(), Duration.ofMillis(r.getKnownMs())),
        r.getSubnetMaxbans() == 0
            ? Optional.empty()
            : Optional.of(
                new ModelPolicy.Subnet(
                    r.getSubnetMaxbans(), r.getSubnetPrefix4(), r.getSubnetPrefix6())),
        r.getUsersMaxnames());
  }

  private static Optional<Set<String>> recidive(String jail) {
    return jail.equals("recidive") ? Optional.of(Set.of()) : Optional.empty();
  }

  public static ModelDecision decision(Decision d) {
    return new ModelDecision(
        ModelDecision.Verdict.valueOf(d.getVerdict().name()),
        d.getJail(),
        d.getAddress(),
        d.getReach(),
        d.getFrom(),
        Optional.ofNullable(d.getUntil()),
        d.getNth(),
        d.getFailures(),
        d.getPolicy(),
        d.getLimited(),
        d.getNetwork());
  }
}
