package io.banstream.ingest;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was said of a thing last: told once, also where a session begins anew. For any thread. */
final class Told {
  private static final Logger LOG = LoggerFactory.getLogger(Told.class);

  private final Map<String, String> last = new HashMap<>();

  synchronized void is(String of, String what) {
    if (!what.equals(last.put(of, what))) {
      LOG.warn("{}: {}", of, what);
    }
  }
}
