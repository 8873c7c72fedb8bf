package io.banstream.ingest;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with one thing now: told when it begins, when it changes and when it is over. */
final class Trouble {
  private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

  private final String of;
  private Optional<String> now = Optional.empty();

  Trouble(String of) {
    this.of = of;
  }

  void is(String what) {
    if (!now.equals(Optional.of(what))) {
      now = Optional.of(what);
      LOG.warn("{}: {}", of, what);
    }
  }

  void over() {
    if (now.isPresent()) {
      now = Optional.empty();
      LOG.info("{}: well again", of);
    }
  }

  Optional<String> now() {
    return now;
  }
}
