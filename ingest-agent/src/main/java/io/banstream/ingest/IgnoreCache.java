package io.banstream.ingest;

import io.banstream.jails.IgnoreCommand;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** The answers of one jail's ignorecommand, the newest of them. For several threads. */
final class IgnoreCache {
  private final IgnoreCommand of;
  private final IgnoreCommand.Cache settings;
  private final Map<String, Answer> answers = new LinkedHashMap<>();

  private record Answer(CompletableFuture<Boolean> ignored, Instant at) {}

  IgnoreCache(IgnoreCommand of, IgnoreCommand.Cache settings) {
    this.of = of;
    this.settings = settings;
  }

  boolean isOf(IgnoreCommand command) {
    return of.equals(command);
  }

  /**
   * The answer of this key; another thread that asks for it waits for the same one.
   *
   * @param ask where there is none yet, or it is too old
   */
  boolean get(String key, Instant now, BooleanSupplier ask) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> known = known(key, now, mine);
    if (known == mine) {
      try {
        mine.complete(ask.getAsBoolean());
      } finally {
        mine.cancel(false); // where it could not be asked; without effect on an answer
      }
    }
    return known.join();
  }

  private synchronized CompletableFuture<Boolean> known(
      String key, Instant now, CompletableFuture<Boolean> otherwise) {
    Answer known = answers.get(key);
    if (known != null && now.isBefore(known.at.plus(settings.maxTime()))) {
      return known.ignored;
    }
    answers.remove(key);
    answers.put(key, new Answer(otherwise, now));
    if (answers.size() > settings.maxCount()) {
      answers.remove(answers.keySet().iterator().next());
    }
    return otherwise;
  }
}
