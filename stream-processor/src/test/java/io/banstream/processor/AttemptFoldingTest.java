package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttemptFoldingTest {
  private static final TopicPartition ATTEMPTS = new TopicPartition("attempts", 3);
  private static final TopicPartition COMMANDS = new TopicPartition("commands", 3);

  private final AttemptFolding folding = new AttemptFolding();

  @BeforeEach
  void foldAttempts() {
    folding.configure(Map.of(AttemptFolding.TOPIC, "attempts"));
  }

  @Test
  void foldsWhatWasAppendedWithinASpanAndGivesItBackAsItCame() {
    var records = fold(record(ATTEMPTS, 7, 0, "a"), record(ATTEMPTS, 9, 100, null));
    assertThat(records.count()).isEqualTo(1);
    ConsumerRecord<byte[], byte[]> one = records.iterator().next();
    assertThat(one.offset()).as("where a commit before it points to").isEqualTo(7);
    assertThat(unfolded(records)).containsExactly("7 0 key a", "9 100 key null");
  }

  @Test
  void beginsAnewBehindTheSpan() {
    var records =
        fold(
            record(ATTEMPTS, 1, 0, "a"),
            record(ATTEMPTS, 2, 101, "b"),
            record(ATTEMPTS, 3, 201, "c"),
            record(ATTEMPTS, 4, 202, "d"));
    assertThat(records.records(ATTEMPTS)).extracting(r -> r.offset()).containsExactly(1L, 2L, 4L);
    assertThat(unfolded(records))
        .containsExactly("1 0 key a", "2 101 key b", "3 201 key c", "4 202 key d");
  }

  @Test
  void beginsAnewWhereAFoldWouldGrowTooLarge() {
    String large = "x".repeat(600_000);
    var records =
        fold(
            record(ATTEMPTS, 1, 0, large),
            record(ATTEMPTS, 2, 0, large),
            record(ATTEMPTS, 3, 0, large));
    assertThat(records.records(ATTEMPTS)).extracting(r -> r.offset()).containsExactly(1L, 3L);
  }

  @Test
  void leavesOtherTopicsAndWhatComesNextAsTheyWere() {
    ConsumerRecord<byte[], byte[]> command = record(COMMANDS, 1, 0, "order");
    var records = fold(command, record(ATTEMPTS, 1, 0, "a"));
    assertThat(records.records(COMMANDS)).containsExactly(command);
    assertThat(records.nextOffsets()).containsEntry(ATTEMPTS, new OffsetAndMetadata(42));
  }

  @Test
  void stopsWhereARecordCameUnfolded() {
    assertThatThrownBy(() -> Fold.unfold(new byte[] {(byte) 0xC3, 1}, (k, v, offset, append) -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @SafeVarargs
  private ConsumerRecords<byte[], byte[]> fold(ConsumerRecord<byte[], byte[]>... records) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> polled = new HashMap<>();
    for (var record : records) {
      polled
          .computeIfAbsent(
              new TopicPartition(record.topic(), record.partition()), p -> new ArrayList<>())
          .add(record);
    }
    return folding.onConsume(
        new ConsumerRecords<>(polled, Map.of(ATTEMPTS, new OffsetAndMetadata(42))));
  }

  private static List<String> unfolded(ConsumerRecords<byte[], byte[]> records) {
    List<String> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Fold.unfold(
          record.value(),
          (key, value, offset, append) ->
              all.add(offset + " " + append.toEpochMilli() + " " + text(key) + " " + text(value)));
    }
    return all;
  }

  private static String text(byte[] utf8) {
    return utf8 == null ? "null" : new String(utf8, StandardCharsets.UTF_8);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      TopicPartition of, long offset, long append, String value) {
    byte[] utf8 = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
    return Driven.appended(of, offset, append, "key".getBytes(StandardCharsets.UTF_8), utf8);
  }
}
