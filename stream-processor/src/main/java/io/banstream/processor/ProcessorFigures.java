package io.banstream.processor;

import java.time.Duration;
import java.util.Collection;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * How a processor does.
 *
 * @param processed attempts taken since it was started
 * @param lag records of its partitions that it has not fetched yet, as far as it knows
 * @param addresses with a state, about; of its own partitions
 * @param stateBytes on disk; 0 where the addresses are kept in memory
 * @param restored records of state that were read anew
 * @param restoring how long that took
 */
public record ProcessorFigures(
    long processed, long lag, long addresses, long stateBytes, long restored, Duration restoring) {

  static ProcessorFigures of(
      Counts counts, Collection<? extends Metric> metrics, Restoring restoring) {
    double lag = 0;
    double addresses = counts.addresses().sum();
    double bytes = 0;
    for (Metric metric : metrics) {
      MetricName name = metric.metricName();
      switch (name.name()) {
        case "records-lag" -> lag += sourceLag(metric);
        case "estimate-num-keys" ->
            addresses += name.tags().containsValue(TaskStores.ADDRESSES) ? number(metric) : 0;
        case "live-sst-files-size" -> bytes += number(metric);
        default -> {}
      }
    }
    return new ProcessorFigures(
        counts.attempts().sum(),
        (long) lag,
        (long) addresses,
        (long) bytes,
        restoring.records(),
        restoring.took());
  }

  private static double sourceLag(Metric metric) {
    boolean restore = metric.metricName().tags().getOrDefault("client-id", "").contains("restore");
    return restore ? 0 : number(metric);
  }

  private static double number(Metric metric) {
    return metric.metricValue() instanceof Number n && Double.isFinite(n.doubleValue())
        ? n.doubleValue()
        : 0;
  }
}
