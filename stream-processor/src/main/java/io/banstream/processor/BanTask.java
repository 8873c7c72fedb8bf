package io.banstream.processor;

import io.banstream.schemas.Attempt;
import io.banstream.schemas.Command;
import io.banstream.schemas.Topics;
import io.banstream.schemas.Totals;
import java.time.Duration;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * One partition's task: has its records ruled, and asks for the commit that makes a decision seen.
 * A record that can't be read or believed becomes a dead letter.
 */
final class BanTask implements Processor<byte[], byte[], String, SpecificRecord> {
  private static final Duration BETWEEN_TURNS = Duration.ofMillis(10);
  private static final Duration BETWEEN_TOTALS = Duration.ofMillis(100);
  private static final Duration BETWEEN_ALARMS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_CLEANINGS = Duration.ofHours(1);

  private final Topics topics;
  private final Deserializer<Attempt> attempts;
  private final Deserializer<Command> commands;
  private final ThreadLocal<CommitPace> paces;
  private final Counts counts;
  private ProcessorContext<String, SpecificRecord> context;
  private RecordRules rules;
  private Output output;
  private Sensor deadLetters;
  private CommitPace pace;

  BanTask(
      Topics topics,
      Deserializer<Attempt> attempts,
      Deserializer<Command> commands,
      ThreadLocal<CommitPace> paces,
      Counts counts) {
    this.topics = topics;
    this.attempts = attempts;
    this.commands = commands;
    this.paces = paces;
    this.counts = counts;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> taskContext) {
    context = taskContext;
    output =
        new Output(
            (sink, key, value, append) ->
                context.forward(new Record<>(key, value, append.toEpochMilli()), sink));
    pace = paces.get();
    try {
      rules = new RecordRules(attempts, commands, tables(), output);
    } catch (Unbelievable e) {
      throw new IllegalStateException("task " + context.taskId() + " can't read its own state", e);
    }
    BeforeCommit beforeCommit = context.getStateStore(TaskStores.BEFORE_COMMIT);
    beforeCommit.run(rules::save);
    deadLetters =
        context
            .metrics()
            .addRateTotalSensor(
                "banstream",
                context.taskId().toString(),
                "dead-letters",
                Sensor.RecordingLevel.INFO);
    context.schedule(BETWEEN_TURNS, PunctuationType.WALL_CLOCK_TIME, now -> commitIfDue());
    context.schedule(BETWEEN_TOTALS, PunctuationType.WALL_CLOCK_TIME, now -> tellTotals());
    context.schedule(
        BETWEEN_ALARMS,
        PunctuationType.STREAM_TIME,
        append -> rules.ring(Instant.ofEpochMilli(append)));
    context.schedule(
        BETWEEN_CLEANINGS,
        PunctuationType.STREAM_TIME,
        append -> rules.forget(Instant.ofEpochMilli(append)));
  }

  private RecordRules.Tables tables() {
    return new RecordRules.Tables(
        context.taskId().partition(),
        TaskStores.named(context.getStateStore(TaskStores.ADDRESSES)),
        TaskStores.ordered(context.getStateStore(TaskStores.ALARMS)),
        TaskStores.named(context.getStateStore(TaskStores.POSITIONS)),
        TaskStores.named(context.getStateStore(TaskStores.IN_FORCE)),
        TaskStores.named(context.getStateStore(TaskStores.TOTALS)),
        TaskStores.named(context.getStateStore(TaskStores.GUARD)),
        TaskStores.named(context.getStateStore(TaskStores.NETWORKS)),
        TaskStores.named(context.getStateStore(TaskStores.WATCH)));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    if (at.topic().equals(topics.commands())) {
      command(record.key(), record.value(), at, Instant.ofEpochMilli(record.timestamp()));
    } else {
      Fold.unfold(record.value(), this::attempt);
    }
    pace.wantSometime();
    commitIfDue();
  }

  private void command(byte[] key, byte[] value, RecordMetadata at, Instant append) {
    try {
      rules.command(key, value, at.offset(), append);
      want(append);
    } catch (Unbelievable e) {
      deadLetter(at.topic(), at.offset(), value, e, append);
    }
  }

  private void attempt(byte[] key, byte[] value, long offset, Instant append) {
    counts.attempts().increment();
    try {
      if (rules.attempt(key, value, offset, append)) {
        want(append);
      }
    } catch (Unbelievable e) {
      deadLetter(topics.attempts(), offset, value, e, append);
    }
  }

  private void deadLetter(
      String topic, long offset, byte[] value, Unbelievable cause, Instant append) {
    String origin = topic + "-" + context.taskId().partition() + "@" + offset;
    output.deadLetter(origin, cause.getMessage(), value, append);
    deadLetters.record(1);
  }

  private void want(Instant append) {
    pace.want(context.currentSystemTimeMs() - append.toEpochMilli());
  }

  /** Rule 13: a decision is seen once it is committed. */
  private void commitIfDue() {
    if (pace.due(context.currentSystemTimeMs())) {
      tellTotals();
      context.commit();
    }
  }

  private void tellTotals() {
    long append = context.currentStreamTimeMs();
    // Not known where there is state but no position (the group was deleted): it comes with a
    // record.
    if (append != ConsumerRecord.NO_TIMESTAMP) {
      for (Totals changed : rules.totals()) {
        output.totals(changed, Instant.ofEpochMilli(append));
        pace.wantSometime();
      }
    }
  }
}
