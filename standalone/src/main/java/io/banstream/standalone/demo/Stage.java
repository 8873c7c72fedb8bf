package io.banstream.standalone.demo;

import io.banstream.standalone.run.Member;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Three relays whose logs are written as long as it is open. */
public final class Stage implements AutoCloseable {
  private static final int RELAYS = 3;
  private static final long SEED = 20_261_125;
  private static final Duration STEP = Duration.ofMillis(500);

  private final List<Relay> relays;
  private final ScheduledExecutorService pen =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "demo-traffic");
            thread.setDaemon(true);
            return thread;
          });

  private Stage(List<Relay> relays) {
    this.relays = relays;
  }

  /** Makes the relays' folders in {@code parent}; nothing is written to their logs yet. */
  public static Stage set(Path parent, ZoneId zone, InstantSource clock) throws IOException {
    List<Relay> relays = new ArrayList<>();
    for (int i = 1; i <= RELAYS; i++) {
      relays.add(Relay.make("relay" + i, parent, zone, clock));
    }
    return new Stage(relays);
  }

  /**
   * @param all every relay has a firewall; else the first alone, for they share this machine's
   */
  public List<Member> members(boolean all) {
    List<Member> members = new ArrayList<>();
    for (Relay relay : relays) {
      members.add(relay.member(all || members.isEmpty()));
    }
    return members;
  }

  /** Begins to write. */
  public void begin() {
    Traffic traffic = new Traffic(relays, SEED);
    pen.scheduleAtFixedRate(traffic::step, 0, STEP.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    pen.shutdown();
    try {
      if (!pen.awaitTermination(STEP.toMillis() * 4, TimeUnit.MILLISECONDS)) {
        pen.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
