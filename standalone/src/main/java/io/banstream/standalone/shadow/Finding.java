package io.banstream.standalone.shadow;

import java.util.Objects;
import java.util.Optional;

/**
 * What came of a ban.
 *
 * @param fail2ban its ban; empty: it had none
 * @param banstream ours; empty: we had none
 */
public record Finding(Optional<SeenBan> fail2ban, Optional<SeenBan> banstream) {
  /** Times that differ by no more are the same: fail2ban rounds to seconds. */
  private static final long SAME_MILLIS = 1_000;

  public Finding {
    Objects.requireNonNull(fail2ban);
    Objects.requireNonNull(banstream);
  }

  /** How the two agree. */
  public enum Kind {
    SAME,
    OTHER_TIMES,
    FAIL2BAN_ALONE,
    BANSTREAM_ALONE
  }

  static Finding both(SeenBan theirs, SeenBan ours) {
    return new Finding(Optional.of(theirs), Optional.of(ours));
  }

  static Finding alone(Side side, SeenBan ban) {
    Optional<SeenBan> one = Optional.of(ban);
    return side == Side.FAIL2BAN
        ? new Finding(one, Optional.empty())
        : new Finding(Optional.empty(), one);
  }

  /** Either ban: they are of the same jail and address. */
  public SeenBan ban() {
    return fail2ban.or(() -> banstream).orElseThrow();
  }

  public Kind kind() {
    if (banstream.isEmpty()) {
      return Kind.FAIL2BAN_ALONE;
    }
    if (fail2ban.isEmpty()) {
      return Kind.BANSTREAM_ALONE;
    }
    SeenBan theirs = fail2ban.get();
    SeenBan ours = banstream.get();
    boolean sameFrom = near(theirs.from().toEpochMilli(), ours.from().toEpochMilli());
    boolean sameUntil =
        theirs.until().isPresent() == ours.until().isPresent()
            && (theirs.until().isEmpty()
                || near(theirs.until().get().toEpochMilli(), ours.until().get().toEpochMilli()));
    return sameFrom && sameUntil ? Kind.SAME : Kind.OTHER_TIMES;
  }

  private static boolean near(long a, long b) {
    return Math.abs(a - b) <= SAME_MILLIS;
  }
}
