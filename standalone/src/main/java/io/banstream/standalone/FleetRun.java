package io.banstream.standalone;

import io.banstream.standalone.run.Ending;
import io.banstream.standalone.run.Fleet;
import io.banstream.standalone.run.FleetSettings;
import io.banstream.standalone.run.Watch;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** A fleet in this process from its start to its end. */
final class FleetRun {
  private FleetRun() {}

  /**
   * @param ending tells when a signal came
   * @param limit how long to run once it is ready; empty: until a signal
   * @param ready what to do once it is ready, after the line that says so; it is given the page's
   *     address
   */
  static int untilTold(
      Ending ending, FleetSettings settings, Optional<Duration> limit, Consumer<String> ready)
      throws Exception {
    try (Fleet fleet = Fleet.start(settings)) {
      new Watch(fleet.roles(), ending.stop(), settings.notices())
          .run(
              () -> {
                settings.out().accept("Ready: " + fleet.page());
                ready.accept(fleet.page());
              },
              limit);
    }
    return Main.FINE;
  }
}
