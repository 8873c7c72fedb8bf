package io.banstream.processor;

import io.banstream.schemas.Role;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running topology: takes {@code attempts} and {@code commands}, gives {@code decisions}. The
 * topics must exist. Ready once it has committed all that the topics held when it was started.
 */
public final class Processor implements Role {
  private static final Logger LOG = LoggerFactory.getLogger(Processor.class);
  private static final Duration ASK_EVERY = Duration.ofMillis(50);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private final ProcessorSettings settings;
  private final KafkaStreams streams;
  private final RegistryPatience registry;
  private final CaughtUp caughtUp;
  private final Counts counts;
  private final KafkaStreamsMetrics kafkaMetrics;
  private final Restoring restoring = new Restoring(InstantSource.system());
  private final ScheduledExecutorService asker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "processor-ready");
            thread.setDaemon(true);
            return thread;
          });
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private Processor(
      ProcessorSettings settings,
      KafkaStreams streams,
      RegistryPatience registry,
      CaughtUp caughtUp,
      Counts counts) {
    this.settings = settings;
    this.streams = streams;
    this.registry = registry;
    this.caughtUp = caughtUp;
    this.counts = counts;
    this.kafkaMetrics = new KafkaStreamsMetrics(streams);
  }

  /**
   * Starts at once; a broker or a registry that is away only delays {@link #ready}.
   *
   * @throws UncheckedIOException if the state folder can't be made
   */
  public static Processor start(ProcessorSettings settings) {
    makeOwnersOnly(settings.data());
    RegistryPatience registry = new RegistryPatience();
    Counts counts = new Counts();
    KafkaStreams streams =
        new KafkaStreams(
            BanTopology.build(settings.kafka(), registry, settings.stores(), counts),
            StreamsSettings.folding(settings));
    Processor processor =
        new Processor(
            settings,
            streams,
            registry,
            new CaughtUp(settings.kafka(), settings.applicationId()),
            counts);
    streams.setUncaughtExceptionHandler(processor::failed);
    streams.setStateListener(processor::changed);
    streams.setGlobalStateRestoreListener(processor.restoring);
    streams.start();
    processor.asker.scheduleWithFixedDelay(
        processor::ask, 0, ASK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return processor;
  }

  private static void makeOwnersOnly(Path folder) {
    try {
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A broker that is away or slow is waited for; anything else is a fault, and ends it. */
  private StreamThreadExceptionResponse failed(Throwable cause) {
    for (Throwable c = cause; c != null; c = c.getCause()) {
      if (c instanceof MissingSourceTopicException) {
        end(new IllegalStateException("a topic is missing (--create-topics makes them)", c));
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
      }
      if (c instanceof RetriableException) {
        LOG.warn("processor: a thread begins anew: {}", cause.toString());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
      }
    }
    end(cause);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private void end(Throwable cause) {
    ended.completeExceptionally(cause);
    ready.completeExceptionally(cause);
  }

  private void changed(KafkaStreams.State now, KafkaStreams.State before) {
    LOG.info("processor: {}, was {}", now, before);
    if (now == KafkaStreams.State.ERROR) {
      end(new IllegalStateException("every stream thread died"));
    }
  }

  private void ask() {
    try {
      if (streams.state() == KafkaStreams.State.RUNNING && caughtUp.ask()) {
        ready.complete(null);
        caughtUp.close();
        asker.shutdown();
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("processor: not known yet whether it has caught up", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public CompletableFuture<Void> ready() {
    return ready;
  }

  @Override
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public Optional<String> check() {
    if (ended.isDone()) {
      return Optional.of("processor stopped");
    }
    KafkaStreams.State state = streams.state();
    return registry
        .trouble()
        .or(
            () ->
                state == KafkaStreams.State.RUNNING
                    ? Optional.empty()
                    : Optional.of("processor is " + state.name().toLowerCase(Locale.ROOT)));
  }

  /** How it does now. */
  public ProcessorFigures figures() {
    return ProcessorFigures.of(counts, streams.metrics().values(), restoring);
  }

  /** Puts its figures and all that Kafka measures of it into the registry, until it is closed. */
  public void measuredBy(MeterRegistry registry) {
    kafkaMetrics.bindTo(registry);
    Gauge.builder("banstream.processor.up", this, p -> p.check().isEmpty() ? 1 : 0)
        .description("1 while it takes records")
        .register(registry);
    gauge(registry, "lag.records", "Records not fetched yet", ProcessorFigures::lag);
    gauge(registry, "addresses", "Addresses with a state, about", ProcessorFigures::addresses);
    gauge(registry, "state.bytes", "State on disk", ProcessorFigures::stateBytes);
    gauge(registry, "restored.records", "State read anew", ProcessorFigures::restored);
    gauge(registry, "restoring.seconds", "Time that took", f -> f.restoring().toMillis() / 1000.0);
    FunctionCounter.builder("banstream.processor.records", this, p -> p.figures().processed())
        .description("Attempts taken")
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String what, ToDoubleFunction<ProcessorFigures> of) {
    Gauge.builder("banstream.processor." + name, this, p -> of.applyAsDouble(p.figures()))
        .description(what)
        .register(registry);
  }

  @Override
  public void close() {
    kafkaMetrics.close();
    asker.shutdownNow();
    registry.close();
    caughtUp.close();
    if (!streams.close(STOP_WITHIN)) {
      LOG.warn("processor: did not stop within {} s", STOP_WITHIN.toSeconds());
    }
    if (ended.isDone()) {
      leave();
    }
  }

  /**
   * A static member that comes back is given what it was assigned before: where that was "topics
   * are missing", it would be told so at every start. So who failed leaves its group.
   */
  private void leave() {
    List<MemberToRemove> own =
        IntStream.rangeClosed(1, settings.threads())
            .mapToObj(thread -> new MemberToRemove(settings.instance() + "-" + thread))
            .toList();
    int patience = (int) STOP_WITHIN.toMillis();
    Map<String, Integer> limits =
        Map.of("request.timeout.ms", patience, "default.api.timeout.ms", patience);
    try (Admin admin = Admin.create(settings.kafka().with(limits))) {
      var members = new RemoveMembersFromConsumerGroupOptions(own);
      admin.removeMembersFromConsumerGroup(settings.applicationId(), members).all().get();
    } catch (KafkaException | ExecutionException e) {
      LOG.debug("processor: could not leave its group", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
