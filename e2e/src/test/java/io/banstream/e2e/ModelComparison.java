package io.banstream.e2e;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.e2e.MailTraffic.Line;
import io.banstream.processor.TopicReplay;
import io.banstream.schemas.Applied;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.Command;
import io.banstream.schemas.Decision;
import io.banstream.testkit.BanModel;
import io.banstream.testkit.ModelDecision;
import io.banstream.testkit.ModelEvent;
import io.banstream.testkit.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The decisions of a fleet beside those of the model, once fed by the topics, once by the logs. */
final class ModelComparison {
  private static final Pattern ID = Pattern.compile("sasl_username=u(\\d+)@");

  private final List<Line> written;
  private final List<ModelDecision> decided;

  /**
   * @param written every failure, in the order of writing
   */
  ModelComparison(TopicReader reader, List<Line> written) {
    this.written = written;
    decided =
        reader.all(reader.topics().decisions(), Decision.class).stream()
            .filter(r -> r.value() != null)
            .map(r -> Recorded.decision(r.value()))
            .toList();
  }

  /** The number of the line that an attempt comes from. */
  static int id(Attempt attempt) {
    Matcher m = ID.matcher(attempt.getLine());
    assertThat(m.find()).as(attempt.getLine()).isTrue();
    return Integer.parseInt(m.group(1));
  }

  /** All fields of all decisions, each once. */
  void assertSameByTopics(TopicReader reader) {
    assertSame(decided, decidedByModel(reader), address -> attempts(reader, address));
  }

  /** What the topic has of an address, a line each, in its order. */
  private static String attempts(TopicReader reader, String address) {
    return reader.all(reader.topics().attempts(), Attempt.class).stream()
        .filter(r -> r.value().getAddress().equals(address))
        .map(ModelComparison::text)
        .collect(joining("\n"));
  }

  private static String text(ConsumerRecord<String, Attempt> r) {
    Attempt attempt = r.value();
    return String.join(
        " ",
        r.partition() + "@" + r.offset(),
        Instant.ofEpochMilli(r.timestamp()).toString(),
        attempt.getHost(),
        attempt.getJail(),
        attempt.getTime().toString(),
        attempt.getPosition().toString());
  }

  /** {@code replay --from-topic}: the same rules over the topics as they stand, all fields. */
  void assertSameByReplay(TopicReader reader) {
    List<ModelDecision> replayed = new ArrayList<>();
    new TopicReplay(reader.connection()).run(d -> replayed.add(Recorded.decision(d)));
    assertSame(decided, replayed, address -> attempts(reader, address));
  }

  /**
   * What the model makes of the topics, a partition at a time, each command where it was applied.
   */
  private static List<ModelDecision> decidedByModel(TopicReader reader) {
    Map<Integer, TreeMap<Long, List<ModelEvent>>> partitions = new TreeMap<>();
    Map<Integer, Map<Long, Long>> points = new HashMap<>();
    for (var r : reader.all(reader.topics().applied(), Applied.class)) {
      points
          .computeIfAbsent(r.partition(), p -> new HashMap<>())
          .put(r.value().getCommand(), r.value().getAttempts());
    }
    for (var r : reader.all(reader.topics().commands(), Command.class)) {
      events(partitions, r, points.get(r.partition()).get(r.offset()))
          .add(Recorded.command(r.value(), Instant.ofEpochMilli(r.timestamp())));
    }
    List<ConsumerRecord<String, Attempt>> attempts =
        reader.all(reader.topics().attempts(), Attempt.class);
    for (var r : attempts) {
      events(partitions, r, r.offset())
          .add(Recorded.login(r.value(), Instant.ofEpochMilli(r.timestamp())));
    }
    assertThat(partitions).as("partitions in use").hasSize(4);
    assertOnePositionEach(attempts);
    List<ModelDecision> decided = new ArrayList<>();
    for (TreeMap<Long, List<ModelEvent>> events : partitions.values()) {
      decided.addAll(BanModel.decide(events.values().stream().flatMap(List::stream).toList()));
    }
    return decided;
  }

  /**
   * @param attempt offset of the attempt that comes with it, or next
   */
  private static List<ModelEvent> events(
      Map<Integer, TreeMap<Long, List<ModelEvent>>> partitions,
      ConsumerRecord<?, ?> r,
      long attempt) {
    return partitions
        .computeIfAbsent(r.partition(), p -> new TreeMap<>())
        .computeIfAbsent(attempt, o -> new ArrayList<>());
  }

  /** A line read again after a crash bears the position that it had before. */
  private static void assertOnePositionEach(List<ConsumerRecord<String, Attempt>> attempts) {
    Map<String, Set<Object>> positions =
        attempts.stream()
            .map(ConsumerRecord::value)
            .collect(
                groupingBy(a -> a.getJail() + " " + id(a), mapping(Attempt::getPosition, toSet())));
    assertThat(positions.entrySet().stream().filter(e -> e.getValue().size() > 1))
        .as("lines told at two positions")
        .isEmpty();
  }

  /**
   * What one host alone sees comes in the order of its log: no topic needs to be believed. Whose
   * ban the guard limits, the logs don't tell.
   */
  void assertSameByLogs() {
    Map<String, Set<String>> hosts =
        written.stream().collect(groupingBy(Line::address, mapping(Line::host, toSet())));
    Set<String> limited =
        decided.stream()
            .filter(ModelDecision::limited)
            .map(ModelDecision::address)
            .collect(toSet());
    Set<String> compared =
        hosts.keySet().stream()
            .filter(a -> hosts.get(a).size() == 1 && !limited.contains(a))
            .collect(toSet());
    Instant now = Instant.now();
    BanModel model = new BanModel();
    model.accept(new ModelEvent.Marker(now, now, 0, CrashJails.POLICIES, 1));
    for (Line line : written) {
      if (compared.contains(line.address())) {
        for (String jail : CrashJails.READING) {
          var position = new ModelEvent.Position("written", "mail.log", 0, line.id(), 0);
          model.accept(
              new ModelEvent.Failure(
                  now, line.host(), position, jail, line.address(), line.time(), ""));
        }
      }
    }
    List<ModelDecision> ofOneHost =
        decided.stream().filter(d -> compared.contains(d.address())).toList();
    assertThat(ofOneHost).hasSizeGreaterThan(decided.size() / 4);
    assertSame(
        inOrderOfTime(ofOneHost),
        inOrderOfTime(model.decisions()),
        address -> "by the logs, in order of time");
  }

  /** Without what the logs don't tell: in which order jails read a line, and when policies came. */
  private static List<ModelDecision> inOrderOfTime(List<ModelDecision> decisions) {
    return decisions.stream()
        .map(ModelComparison::unversioned)
        .sorted(
            Comparator.comparing(ModelDecision::from)
                .thenComparing(ModelDecision::jail)
                .thenComparing(ModelDecision::reach))
        .toList();
  }

  private static ModelDecision unversioned(ModelDecision d) {
    return new ModelDecision(
        d.verdict(),
        d.jail(),
        d.address(),
        d.reach(),
        d.from(),
        d.until(),
        d.nth(),
        d.failures(),
        0,
        d.limited(),
        d.network());
  }

  /**
   * @param story what came of an address
   */
  private static void assertSame(
      List<ModelDecision> decided, List<ModelDecision> byModel, UnaryOperator<String> story) {
    var expected = ModelDecision.byAddress(byModel);
    var actual = ModelDecision.byAddress(decided);
    for (var address : expected.entrySet()) {
      assertThat(actual.get(address.getKey()))
          .as(() -> "decisions of " + address.getKey() + "\n" + story.apply(address.getKey()))
          .isEqualTo(address.getValue());
    }
    assertThat(actual).hasSameSizeAs(expected);
  }
}
