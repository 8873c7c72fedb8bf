package io.banstream.processor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes one record of the consecutive attempts of a poll, each {@link Fold} bearing the first one's
 * offset and time: what Streams does with each record it does once for all of them. Its own
 * position is right either way: before a fold it is the first one's offset, behind it what the
 * consumer says comes next.
 *
 * <p>A fold spans {@value #SPAN_MS} ms of append time at most: so far, and no farther, attempts may
 * go before a command that came between them.
 */
public final class AttemptFolding implements ConsumerInterceptor<byte[], byte[]> {
  /** Consumer setting: the topic that holds the attempts. */
  static final String TOPIC = "banstream.folded.topic";

  private static final long SPAN_MS = 100;
  private static final int MOST_BYTES = 1 << 20;

  private String topic;

  @Override
  public void configure(Map<String, ?> configs) {
    topic = (String) configs.get(TOPIC);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> folded = new HashMap<>();
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> plain = records.records(partition);
      folded.put(partition, partition.topic().equals(topic) ? fold(plain) : plain);
    }
    return new ConsumerRecords<>(folded, records.nextOffsets());
  }

  private static List<ConsumerRecord<byte[], byte[]>> fold(
      List<ConsumerRecord<byte[], byte[]>> plain) {
    List<ConsumerRecord<byte[], byte[]>> folds = new ArrayList<>();
    int begin = 0;
    int bytes = 0;
    for (int i = 0; i < plain.size(); i++) {
      ConsumerRecord<byte[], byte[]> next = plain.get(i);
      boolean apart = next.timestamp() - plain.get(begin).timestamp() > SPAN_MS;
      if (i > begin && (apart || bytes > MOST_BYTES)) {
        folds.add(folded(plain.subList(begin, i)));
        begin = i;
        bytes = 0;
      }
      bytes += Fold.length(next);
    }
    if (begin < plain.size()) {
      folds.add(folded(plain.subList(begin, plain.size())));
    }
    return folds;
  }

  private static ConsumerRecord<byte[], byte[]> folded(List<ConsumerRecord<byte[], byte[]>> all) {
    ConsumerRecord<byte[], byte[]> first = all.get(0);
    byte[] value = Fold.of(all);
    return new ConsumerRecord<>(
        first.topic(),
        first.partition(),
        first.offset(),
        first.timestamp(),
        first.timestampType(),
        ConsumerRecord.NULL_SIZE,
        value.length,
        null,
        value,
        first.headers(),
        first.leaderEpoch());
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    // nothing to do: the offsets are those of the records as they are on the broker
  }

  @Override
  public void close() {
    // holds nothing
  }
}
