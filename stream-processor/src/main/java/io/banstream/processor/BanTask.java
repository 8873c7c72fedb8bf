package io.banstream.processor;

import io.banstream.schemas.Attempt;
import io.banstream.schemas.Command;
import io.banstream.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
 * One partition's task: reads a record, has it ruled, asks for the commit that makes a decision
 * seen. A record that can't be read or believed becomes a dead letter.
 */
final class BanTask implements Processor<byte[], byte[], String, SpecificRecord> {
  private static final Duration BETWEEN_TURNS = Duration.ofMillis(10);
  private static final Duration BETWEEN_TOTALS = Duration.ofMillis(100);
  private static final Duration BETWEEN_ALARMS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_CLEANINGS = Duration.ofHours(1);

  /** Bytes of attempts that are kept for the evidence of bans: some 15,000. */
  private static final int NEWEST = 4 << 20;

  private final Topics topics;
  private final Deserializer<Attempt> attempts;
  private final Deserializer<Command> commands;
  private final ThreadLocal<CommitPace> paces;
  private ProcessorContext<String, SpecificRecord> context;
  private FailureStep failures;
  private OrderStep orders;
  private TotalsBook totals;
  private Output output;
  private AttemptRing newest;
  private Sensor deadLetters;
  private CommitPace pace;

  BanTask(
      Topics topics,
      Deserializer<Attempt> attempts,
      Deserializer<Command> commands,
      ThreadLocal<CommitPace> paces) {
    this.topics = topics;
    this.attempts = attempts;
    this.commands = commands;
    this.paces = paces;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> taskContext) {
    context = taskContext;
    output = new Output(context);
    pace = paces.get();
    InForceStore inForce;
    try {
      inForce = new InForceStore(TaskStores.named(context.getStateStore(TaskStores.IN_FORCE)));
      totals =
          new TotalsBook(
              TaskStores.named(context.getStateStore(TaskStores.TOTALS)),
              context.taskId().partition());
    } catch (Unbelievable e) {
      throw new IllegalStateException("task " + context.taskId() + " can't read its own state", e);
    }
    AddressStore addresses =
        new AddressStore(
            TaskStores.named(context.getStateStore(TaskStores.ADDRESSES)),
            TaskStores.ordered(context.getStateStore(TaskStores.ALARMS)));
    Positions positions =
        new Positions(TaskStores.named(context.getStateStore(TaskStores.POSITIONS)));
    Rulings rulings = new Rulings(inForce, totals, output);
    newest = new AttemptRing(NEWEST);
    failures = new FailureStep(inForce, positions, addresses, this::line, totals, rulings);
    orders = new OrderStep(inForce, addresses, totals, rulings, output);
    AlarmStep alarms = new AlarmStep(inForce, addresses, totals, output);
    BeforeCommit beforeCommit = context.getStateStore(TaskStores.BEFORE_COMMIT);
    beforeCommit.run(
        () -> {
          addresses.save();
          positions.save();
          totals.save();
        });
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
        append -> alarms.ring(Instant.ofEpochMilli(append)));
    context.schedule(
        BETWEEN_CLEANINGS,
        PunctuationType.STREAM_TIME,
        append -> positions.forget(Instant.ofEpochMilli(append)));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Instant append = Instant.ofEpochMilli(record.timestamp());
    RecordMetadata at = context.recordMetadata().orElseThrow();
    try {
      if (at.topic().equals(topics.commands())) {
        Command command = Reading.decode(commands, record.value());
        orders.take(Reading.key(record.key()), command, append);
        want(append);
      } else if (failed(record, at.offset(), append)) {
        want(append);
      }
    } catch (Unbelievable e) {
      String origin = at.topic() + "-" + at.partition() + "@" + at.offset();
      output.deadLetter(origin, e.getMessage(), record.value(), append);
      deadLetters.record(1);
    }
    commitIfDue();
  }

  private boolean failed(Record<byte[], byte[]> record, long offset, Instant append)
      throws Unbelievable {
    Optional<Sighting> sighting =
        Sighting.read(attempts, record.key(), record.value(), offset, append);
    newest.put(offset, record.value());
    return sighting.isPresent() && failures.take(sighting.get(), append);
  }

  private Optional<LoggedLine> line(long offset) {
    return newest
        .get(offset)
        .map(value -> attempts.deserialize(topics.attempts(), value))
        .map(a -> new LoggedLine(Optional.ofNullable(a.getUser()), a.getLine()));
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
      totals.changes().forEach(t -> output.totals(t, Instant.ofEpochMilli(append)));
    }
  }
}
