package io.banstream.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes the reading thread when a log is written to (inotify, by the folders), or when somebody
 * rings. It only saves time: who waits looks by itself every now and then, so a lost event costs
 * that while, and so does a file system that gives none.
 */
final class Doorbell implements Closeable {
  /** Writes that come within this many milliseconds of each other ring once. */
  private static final long TOGETHER_MS = 1;

  private final Semaphore rung = new Semaphore(0);
  private final Trouble trouble = new Trouble("inotify");
  private final Optional<WatchService> watcher;
  private final Map<Path, WatchKey> folders = new HashMap<>();
  private volatile Set<Path> files = Set.of();

  Doorbell() {
    watcher = openWatcher();
    watcher.ifPresent(
        w -> {
          Thread thread = new Thread(() -> ringAt(w), "ingest-watch");
          thread.setDaemon(true);
          thread.start();
        });
  }

  private Optional<WatchService> openWatcher() {
    try {
      return Optional.of(FileSystems.getDefault().newWatchService());
    } catch (IOException e) {
      trouble.is("logs are looked at in turn: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Rings from now on when one of these is written to, made or renamed. */
  void watch(Set<Path> logs) {
    if (logs.equals(files)) {
      return;
    }
    files = Set.copyOf(logs);
    Set<Path> wanted = new HashSet<>();
    logs.forEach(log -> wanted.add(log.getParent()));
    folders.entrySet().removeIf(f -> !wanted.contains(f.getKey()) && cancelled(f.getValue()));
    wanted.forEach(this::watchFolder);
  }

  private static boolean cancelled(WatchKey key) {
    key.cancel();
    return true;
  }

  private void watchFolder(Path folder) {
    WatchKey known = folders.get(folder);
    if (watcher.isEmpty() || known != null && known.isValid()) {
      return;
    }
    try {
      folders.put(
          folder,
          folder.register(
              watcher.get(),
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY));
    } catch (NoSuchFileException e) {
      trouble.is(folder + " is looked at in turn: no such folder");
    } catch (IOException e) {
      trouble.is(folder + " is looked at in turn: " + e.getMessage());
    }
  }

  private void ringAt(WatchService events) {
    try {
      while (true) {
        WatchKey key = events.take();
        Path folder = (Path) key.watchable();
        for (WatchEvent<?> event : key.pollEvents()) {
          boolean mine =
              !(event.context() instanceof Path name) || files.contains(folder.resolve(name));
          if (mine) {
            ring();
          }
        }
        Thread.sleep(TOGETHER_MS);
        key.reset();
      }
    } catch (ClosedWatchServiceException e) {
      // closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void ring() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
  }

  /** Waits for the bell, {@code millis} at most. */
  void await(long millis) throws InterruptedException {
    if (rung.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
      rung.drainPermits();
    }
  }

  @Override
  public void close() {
    try {
      if (watcher.isPresent()) {
        watcher.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
