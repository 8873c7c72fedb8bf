package io.banstream.bench;

import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * When the broker took each step of a ban, by the append times (LogAppendTime, whole milliseconds)
 * in its log segments: no client runs beside what is measured.
 *
 * @param attempts address to when its last attempt was appended, epoch milliseconds
 * @param decisions address to when its first decision was
 * @param commits address to when the transaction of that decision was committed
 */
record Hops(Map<String, Long> attempts, Map<String, Long> decisions, Map<String, Long> commits) {

  /**
   * @param data the folder of {@code up}, the broker's partitions in it
   */
  static Hops read(Path data) throws IOException {
    Topics topics = new Topics("");
    Hops hops = new Hops(new HashMap<>(), new HashMap<>(), new HashMap<>());
    for (Path segment : segments(data, topics.attempts())) {
      try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
        records.batches().forEach(hops::attempts);
      }
    }
    for (Path segment : segments(data, topics.decisions())) {
      Map<Long, List<String>> open = new HashMap<>();
      try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
        records.batches().forEach(batch -> hops.decisions(batch, open));
      }
    }
    return hops;
  }

  private static List<Path> segments(Path data, String topic) throws IOException {
    try (Stream<Path> files = Files.find(data, 9, (f, a) -> f.toString().endsWith(".log"))) {
      return files
          .filter(f -> f.getParent().getFileName().toString().matches(topic + "-\\d+"))
          .sorted()
          .toList();
    }
  }

  private void attempts(RecordBatch batch) {
    for (Record attempt : batch) {
      attempts.merge(key(attempt), attempt.timestamp(), Math::max);
    }
  }

  /**
   * @param open producer to the addresses of its transaction so far
   */
  private void decisions(RecordBatch batch, Map<Long, List<String>> open) {
    if (batch.isControlBatch()) {
      long committed = batch.maxTimestamp();
      List<String> addresses = open.getOrDefault(batch.producerId(), List.of());
      addresses.forEach(address -> commits.putIfAbsent(address, committed));
      open.remove(batch.producerId());
      return;
    }
    for (Record decision : batch) {
      String address = DecisionKey.parse(key(decision)).address().toString();
      decisions.putIfAbsent(address, decision.timestamp());
      open.computeIfAbsent(batch.producerId(), p -> new ArrayList<>()).add(address);
    }
  }

  private static String key(Record record) {
    return StandardCharsets.UTF_8.decode(record.key()).toString();
  }
}
