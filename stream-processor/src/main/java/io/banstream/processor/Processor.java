package io.banstream.processor;

import io.banstream.schemas.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.KafkaStreams;
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

  private final KafkaStreams streams;
  private final RegistryPatience registry;
  private final CaughtUp caughtUp;
  private final ScheduledExecutorService asker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "processor-ready");
            thread.setDaemon(true);
            return thread;
          });
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private Processor(KafkaStreams streams, RegistryPatience registry, CaughtUp caughtUp) {
    this.streams = streams;
    this.registry = registry;
    this.caughtUp = caughtUp;
  }

  /**
   * Starts at once; a broker or a registry that is away only delays {@link #ready}.
   *
   * @throws UncheckedIOException if the state folder can't be made
   */
  public static Processor start(ProcessorSettings settings) {
    makeOwnersOnly(settings.data());
    RegistryPatience registry = new RegistryPatience();
    KafkaStreams streams =
        new KafkaStreams(
            BanTopology.build(settings.kafka(), registry), StreamsSettings.of(settings));
    Processor processor =
        new Processor(streams, registry, new CaughtUp(settings.kafka(), settings.applicationId()));
    streams.setUncaughtExceptionHandler(processor::failed);
    streams.setStateListener((now, before) -> LOG.info("processor: {}, was {}", now, before));
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
      if (c instanceof RetriableException) {
        LOG.warn("processor: a thread begins anew: {}", cause.toString());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
      }
    }
    LOG.error("processor: stopped", cause);
    ready.completeExceptionally(cause);
    ended.completeExceptionally(cause);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
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
    KafkaStreams.State state = streams.state();
    return registry
        .trouble()
        .or(
            () ->
                state == KafkaStreams.State.RUNNING
                    ? Optional.empty()
                    : Optional.of("processor is " + state.name().toLowerCase(Locale.ROOT)));
  }

  @Override
  public void close() {
    asker.shutdownNow();
    registry.close();
    caughtUp.close();
    if (!streams.close(STOP_WITHIN)) {
      LOG.warn("processor: did not stop within {} s", STOP_WITHIN.toSeconds());
    }
  }
}
