package io.banstream.processor;

import io.banstream.schemas.Alert;
import io.banstream.schemas.Alerts;
import io.banstream.schemas.Outcome;
import java.time.Duration;
import java.time.Instant;

/** Tells of hosts whose clock is far ahead, and of such as send far more than they use to. */
final class HostWatch {
  private static final Duration BETWEEN_ALERTS = Duration.ofHours(1);

  private final int partition;
  private final InForceStore inForce;
  private final HostRates rates;
  private final ToldLately told;
  private final Output output;

  HostWatch(int partition, InForceStore inForce, HostRates rates, ToldLately told, Output output) {
    this.partition = partition;
    this.inForce = inForce;
    this.rates = rates;
    this.told = told;
    this.output = output;
  }

  /** A login that was not told of before. */
  void seen(Sighting sighting, Instant append) {
    if (sighting.isAhead() && isNews(Alerts.CLOCK, sighting, append)) {
      int ahead = seconds(Duration.between(append, sighting.said()));
      alert(Alerts.CLOCK, sighting, ahead, seconds(Reading.AHEAD), BETWEEN_ALERTS, append);
    }
    if (sighting.outcome() == Outcome.FAILURE) {
      HostRates.Sent sent = rates.add(sighting.host(), append, inForce.now().partitions());
      if (sent.isFlood() && isNews(Alerts.FLOOD, sighting, append)) {
        int most = sent.most().getAsInt();
        alert(Alerts.FLOOD, sighting, sent.counted(), most, HostRates.SPAN, append);
      }
    }
  }

  private boolean isNews(String guard, Sighting sighting, Instant append) {
    return told.isNews(guard, sighting.host(), append, BETWEEN_ALERTS);
  }

  private static int seconds(Duration time) {
    return (int) Math.min(Integer.MAX_VALUE, time.toSeconds());
  }

  private void alert(
      String guard, Sighting sighting, int counted, int most, Duration window, Instant append) {
    output.alert(
        new Alert(
            append,
            guard,
            sighting.host(),
            sighting.jail(),
            sighting.counted().toString(),
            counted,
            most,
            window.toMillis(),
            partition));
  }
}
