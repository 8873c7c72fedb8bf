package io.banstream.processor;

import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * A store without a state, that is told before each commit of its task: what a task keeps in its
 * heap goes into the other stores then, each changed entry once. That is what Streams' own record
 * cache does with bytes; here the entries stay decoded.
 *
 * <p>Streams asks nobody but its caches before a commit, hence its internal {@link
 * CachedStateStore}. A task that ends without a commit is not told, and what it kept is lost with
 * its transaction, as it must be.
 */
final class BeforeCommit implements StateStore, CachedStateStore<Object, Object> {
  private final String name;
  private Runnable save = () -> {};
  private boolean open;

  private BeforeCommit(String name) {
    this.name = name;
  }

  static StoreBuilder<BeforeCommit> builder(String name) {
    return new Builder(name);
  }

  /**
   * @param what writes what is kept, and is called before each commit
   */
  void run(Runnable what) {
    save = what;
  }

  @Override
  public void flushCache() {
    save.run();
  }

  @Override
  public void clearCache() {
    save = () -> {}; // the task is given up: what it kept is not to be written
  }

  @Override
  public boolean setFlushListener(
      CacheFlushListener<Object, Object> listener, boolean sendOldValues) {
    return false;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    context.register(root, (key, value) -> {});
    open = true;
  }

  @Override
  public void close() {
    save = () -> {};
    open = false;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  private record Builder(String name) implements StoreBuilder<BeforeCommit> {
    @Override
    public StoreBuilder<BeforeCommit> withCachingEnabled() {
      return this;
    }

    @Override
    public StoreBuilder<BeforeCommit> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<BeforeCommit> withLoggingEnabled(Map<String, String> config) {
      throw new UnsupportedOperationException(name + " has no state to log");
    }

    @Override
    public StoreBuilder<BeforeCommit> withLoggingDisabled() {
      return this;
    }

    @Override
    public BeforeCommit build() {
      return new BeforeCommit(name);
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
      return false;
    }
  }
}
