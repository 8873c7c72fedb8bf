package io.banstream.standalone.shadow;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sets two sides' bans against each other. A ban is paired with one of the other side of the same
 * jail and address that overlaps it; one that found none for a while stands alone.
 */
public final class ShadowBook {
  private final Duration patience;
  private final Map<Side, Set<SeenBan>> known = new EnumMap<>(Side.class);
  private final Map<Side, List<Waiting>> waiting = new EnumMap<>(Side.class);

  /** A ban without its other side yet. */
  private record Waiting(SeenBan ban, Instant since) {}

  /**
   * @param patience how long a ban waits for the other side's
   */
  public ShadowBook(Duration patience) {
    this.patience = patience;
    for (Side side : Side.values()) {
      known.put(side, new HashSet<>());
      waiting.put(side, new ArrayList<>());
    }
  }

  /**
   * What one side has banned now; bans told before and bans that are over are passed over.
   *
   * @return the pairs that this makes
   */
  public List<Finding> tell(Side side, Collection<SeenBan> bans, Instant now) {
    List<Finding> pairs = new ArrayList<>();
    for (SeenBan ban : bans) {
      if (ban.inForce(now) && known.get(side).add(ban)) {
        Optional<SeenBan> other = take(side.other(), ban);
        other.ifPresentOrElse(
            o -> pairs.add(side == Side.FAIL2BAN ? Finding.both(ban, o) : Finding.both(o, ban)),
            () -> waiting.get(side).add(new Waiting(ban, now)));
      }
    }
    return pairs;
  }

  private Optional<SeenBan> take(Side side, SeenBan like) {
    for (Iterator<Waiting> i = waiting.get(side).iterator(); i.hasNext(); ) {
      SeenBan ban = i.next().ban();
      if (ban.overlaps(like)) {
        i.remove();
        return Optional.of(ban);
      }
    }
    return Optional.empty();
  }

  /** That side's bans that wait for the other's. */
  public List<SeenBan> waiting(Side side) {
    return waiting.get(side).stream().map(Waiting::ban).toList();
  }

  /** The bans that waited long enough: each stands alone. */
  public List<Finding> settle(Instant now) {
    List<Finding> alone = new ArrayList<>();
    waiting.forEach(
        (side, bans) ->
            bans.removeIf(
                w -> {
                  boolean over = w.since().plus(patience).isBefore(now);
                  if (over) {
                    alone.add(Finding.alone(side, w.ban()));
                  }
                  return over;
                }));
    return alone;
  }
}
