package io.banstream.standalone.broker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transactions that a killed process left open, before anybody connects. A transaction
 * that was being committed at the kill may be over for its coordinator, and yet without a marker in
 * its partitions (seen with 4.3.1): these would keep readers of committed records waiting for ever,
 * and the processor for its own position. Aborted as a whole it is done again: position, state and
 * output are of one transaction.
 */
final class OpenTransactions {
  private static final Logger log = LoggerFactory.getLogger(OpenTransactions.class);
  private static final Set<TransactionState> UNDECIDED =
      EnumSet.of(
          TransactionState.ONGOING,
          TransactionState.PREPARE_COMMIT,
          TransactionState.PREPARE_ABORT);
  private static final long POLL_MS = 50;

  /** A decided one gets its markers within some ten ms; others may have begun new ones by then. */
  private static final long LONGEST_MS = 5_000;

  private OpenTransactions() {}

  static void end(Admin admin) throws ExecutionException, InterruptedException {
    fence(admin);
    awaitDecided(admin);
    List<AbortTransactionSpec> open = withoutMarker(admin);
    // Who connected meanwhile, a processor on another host, is at work in a transaction of his own.
    Set<Long> atWork =
        transactions(admin, UNDECIDED).stream()
            .map(TransactionListing::producerId)
            .collect(Collectors.toSet());
    for (AbortTransactionSpec transaction : open) {
      if (!atWork.contains(transaction.producerId())) {
        abort(admin, transaction);
      }
    }
  }

  private static void abort(Admin admin, AbortTransactionSpec open)
      throws ExecutionException, InterruptedException {
    try {
      admin.abortTransaction(open).all().get();
      log.info("broker: aborted what a killed process left open: {}", open);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof InvalidProducerEpochException)) {
        throw e;
      }
      log.debug("broker: it has ended by itself: {}", open);
    }
  }

  private static void fence(Admin admin) throws ExecutionException, InterruptedException {
    List<String> ongoing =
        transactions(admin, EnumSet.of(TransactionState.ONGOING)).stream()
            .map(TransactionListing::transactionalId)
            .toList();
    admin.fenceProducers(ongoing).all().get();
  }

  private static void awaitDecided(Admin admin) throws ExecutionException, InterruptedException {
    long start = System.nanoTime();
    while (!transactions(admin, UNDECIDED).isEmpty()) {
      if ((System.nanoTime() - start) / 1_000_000 > LONGEST_MS) {
        log.info("broker: transactions are still open");
        return;
      }
      Thread.sleep(POLL_MS);
    }
  }

  private static Collection<TransactionListing> transactions(
      Admin admin, Set<TransactionState> states) throws ExecutionException, InterruptedException {
    return admin.listTransactions(new ListTransactionsOptions().filterStates(states)).all().get();
  }

  private static List<AbortTransactionSpec> withoutMarker(Admin admin)
      throws ExecutionException, InterruptedException {
    List<AbortTransactionSpec> open = new ArrayList<>();
    for (var partition : admin.describeProducers(partitions(admin)).all().get().entrySet()) {
      for (ProducerState producer : partition.getValue().activeProducers()) {
        if (producer.currentTransactionStartOffset().isPresent()) {
          open.add(
              new AbortTransactionSpec(
                  partition.getKey(),
                  producer.producerId(),
                  (short) producer.producerEpoch(),
                  producer.coordinatorEpoch().orElse(0)));
        }
      }
    }
    return open;
  }

  private static List<TopicPartition> partitions(Admin admin)
      throws ExecutionException, InterruptedException {
    Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
    List<TopicPartition> partitions = new ArrayList<>();
    admin
        .describeTopics(topics)
        .allTopicNames()
        .get()
        .forEach(
            (topic, description) ->
                description
                    .partitions()
                    .forEach(p -> partitions.add(new TopicPartition(topic, p.partition()))));
    return partitions;
  }
}
