package io.banstream.enforcer;

import io.banstream.schemas.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the table, and what a boot needs of it, every few seconds where it changed, or as seldom as
 * takes a hundredth of the time; every minute at least. A disk that is full does not end the
 * enforcer: the bans go on, and the table is saved once it can be. Not thread-safe, but for {@link
 * #problem}.
 */
final class TableSaver {
  private static final Logger LOG = LoggerFactory.getLogger(TableSaver.class);

  private final TableFile file;
  private final BootFile boot;
  private final InstantSource clock;
  private final Pace pace = Pace.byCost(Duration.ofSeconds(5), Duration.ofMinutes(1));
  private boolean changed;
  private volatile Optional<String> problem = Optional.empty();

  /**
   * @param clock this host's own
   */
  TableSaver(TableFile file, BootFile boot, InstantSource clock) {
    this.file = file;
    this.boot = boot;
    this.clock = clock;
  }

  void changed() {
    changed = true;
  }

  void saveIfDue(Keeper keeper, Instant now) {
    if (changed) {
      pace.run(() -> save(keeper, now));
    }
  }

  /**
   * @param now by the broker's clock
   */
  void save(Keeper keeper, Instant now) {
    try {
      file.write(keeper.table());
      Optional<BootFile.Script> script = keeper.atBoot(now);
      if (script.isPresent()) {
        boot.write(script.get(), clock.instant());
      }
      changed = false;
      problem = Optional.empty();
    } catch (IOException e) {
      String why = "the table can't be saved: " + Reason.of(e);
      if (problem.isEmpty()) {
        LOG.warn("{}; bans go on", why);
      }
      problem = Optional.of(why);
    }
  }

  /** Why the table is not saved. */
  Optional<String> problem() {
    return problem;
  }
}
