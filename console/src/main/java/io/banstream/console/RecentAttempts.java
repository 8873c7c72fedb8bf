package io.banstream.console;

import io.banstream.schemas.Address;
import io.banstream.schemas.AddressPartitioner;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Looks an address's attempts up in the topic, newest first, as far as the time given allows. Only
 * the partitions that can hold them are read; for a network that is all of them.
 */
final class RecentAttempts {
  /**
   * @param attempts newest first
   * @param complete all since {@code since} were looked at; else the older ones were not
   * @param since how far back was asked
   */
  record Found(List<Attempt> attempts, boolean complete, Instant since) {}

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int MOST = 100;
  private static final int CHUNK = 20_000;
  private static final int AT_A_TIME = 2;

  private final KafkaConnection kafka;
  private final Deserializer<Attempt> serde;
  private final Semaphore turns = new Semaphore(AT_A_TIME, true);

  RecentAttempts(KafkaConnection kafka) {
    this.kafka = kafka;
    this.serde = kafka.serde(Attempt.class).deserializer();
  }

  /**
   * @param ipv6prefixes of the jails: an IPv6 address may be counted as each
   */
  Found find(Address target, Collection<Integer> ipv6prefixes, Instant since) {
    turns.acquireUninterruptibly();
    try (KafkaConsumer<String, byte[]> consumer = CommittedTopic.consumer(kafka)) {
      return new Search(consumer, target, since).run(ipv6prefixes);
    } catch (KafkaException e) {
      throw new ConsoleException("attempts can't be read from " + kafka + ": " + e.getMessage(), e);
    } finally {
      turns.release();
    }
  }

  private final class Search {
    private final KafkaConsumer<String, byte[]> consumer;
    private final Address target;
    private final Instant since;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();
    private final List<Attempt> found = new ArrayList<>();

    Search(KafkaConsumer<String, byte[]> consumer, Address target, Instant since) {
      this.consumer = consumer;
      this.target = target;
      this.since = since;
    }

    Found run(Collection<Integer> ipv6prefixes) {
      List<TopicPartition> partitions = partitions(ipv6prefixes);
      consumer.assign(partitions);
      Map<TopicPartition, Long> begins = begins(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      boolean complete = true;
      for (TopicPartition p : partitions) {
        complete &= backwards(p, begins.getOrDefault(p, ends.get(p)), ends.get(p));
      }
      found.sort(Comparator.comparing(Attempt::getTime).reversed());
      return new Found(
          List.copyOf(found.subList(0, Math.min(found.size(), MOST))),
          complete && found.size() <= MOST,
          since);
    }

    private List<TopicPartition> partitions(Collection<Integer> ipv6prefixes) {
      List<TopicPartition> all = CommittedTopic.partitions(consumer, kafka.topics().attempts());
      if (target.isNetwork()) {
        return all;
      }
      List<Address> counted = new ArrayList<>(List.of(target));
      ipv6prefixes.forEach(prefix -> counted.add(target.counted(prefix)));
      return counted.stream()
          .map(a -> AddressPartitioner.partition(a.toString(), all.size()))
          .distinct()
          .map(p -> new TopicPartition(kafka.topics().attempts(), p))
          .toList();
    }

    private Map<TopicPartition, Long> begins(List<TopicPartition> partitions) {
      Map<TopicPartition, Long> times = new HashMap<>();
      partitions.forEach(p -> times.put(p, since.toEpochMilli()));
      Map<TopicPartition, Long> begins = new HashMap<>();
      consumer
          .offsetsForTimes(times)
          .forEach(
              (p, at) -> {
                if (at != null) {
                  begins.put(p, at.offset());
                }
              });
      return begins;
    }

    /** Kafka reads forward only: so chunk after chunk, the newest first. */
    private boolean backwards(TopicPartition p, long begin, long end) {
      consumer.assign(List.of(p));
      long high = end;
      while (high > begin && found.size() < MOST) {
        long low = Math.max(begin, high - CHUNK);
        consumer.seek(p, low);
        while (consumer.position(p) < high) {
          if (System.nanoTime() > deadline) {
            return false;
          }
          for (ConsumerRecord<String, byte[]> r : consumer.poll(POLL)) {
            if (r.offset() < high) {
              take(r);
            }
          }
        }
        high = low;
      }
      return high <= begin;
    }

    private void take(ConsumerRecord<String, byte[]> record) {
      boolean near =
          record.key() != null
              && Address.tryParse(record.key())
                  .map(a -> a.contains(target) || target.contains(a))
                  .orElse(false);
      if (near && record.value() != null) {
        try {
          Attempt attempt = serde.deserialize(record.topic(), record.value());
          if (Address.tryParse(attempt.getAddress()).map(target::contains).orElse(false)) {
            found.add(attempt);
          }
        } catch (SerializationException e) {
          // The processor puts it among the dead letters; there is nothing to show of it.
        }
      }
    }
  }
}
