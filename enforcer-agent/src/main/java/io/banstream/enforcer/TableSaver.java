package io.banstream.enforcer;

import io.banstream.schemas.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the table every few seconds where it changed. A disk that is full does not end the
 * enforcer: the bans go on, and the table is saved once it can be. Not thread-safe, but for {@link
 * #problem}.
 */
final class TableSaver {
  private static final Logger LOG = LoggerFactory.getLogger(TableSaver.class);

  private final TableFile file;
  private final Pace pace = Pace.each(Duration.ofSeconds(5));
  private boolean changed;
  private volatile Optional<String> problem = Optional.empty();

  TableSaver(TableFile file) {
    this.file = file;
  }

  void changed() {
    changed = true;
  }

  void saveIfDue(Table table) {
    if (changed && pace.due()) {
      save(table);
    }
  }

  void save(Table table) {
    try {
      file.write(table);
      changed = false;
      problem = Optional.empty();
    } catch (IOException e) {
      String now = "the table can't be saved: " + Reason.of(e);
      if (problem.isEmpty()) {
        LOG.warn("{}; bans go on", now);
      }
      problem = Optional.of(now);
    }
  }

  /** Why the table is not saved. */
  Optional<String> problem() {
    return problem;
  }
}
