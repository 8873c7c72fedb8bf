package io.banstream.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.sse.SseClient;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages that are open, told what happens as it happens (server-sent events). Each has a thread and
 * a queue of its own: one that does not read keeps nobody waiting, and is let go.
 */
final class LiveEvents implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveEvents.class);

  /** Pages open at a time; each costs a thread. */
  static final int PAGES = 32;

  private static final int QUEUE = 512;

  private record Event(String name, String json) {}

  private static final class Page {
    private final SseClient client;
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
    private volatile boolean gone;

    Page(SseClient client) {
      this.client = client;
    }

    void offer(Event event) {
      if (!queue.offer(event)) {
        gone = true;
      }
    }
  }

  private volatile boolean closing;
  private final Supplier<ObjectNode> begin;
  private final Supplier<ObjectNode> everySecond;
  private final List<Page> pages = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(r -> daemon(r, "console-live"));

  /**
   * @param begin what a page is told first: all that there is to show
   * @param everySecond what pages are told each second
   */
  LiveEvents(Supplier<ObjectNode> begin, Supplier<ObjectNode> everySecond) {
    this.begin = begin;
    this.everySecond = everySecond;
  }

  void start() {
    ticker.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  /** A page has opened. */
  void connect(SseClient client) {
    if (pages.size() >= PAGES) {
      client.sendEvent("busy", "{\"error\":\"" + PAGES + " pages are open already\"}");
      client.close();
      return;
    }
    Page page = new Page(client);
    client.keepAlive();
    client.onClose(
        () -> {
          page.gone = true;
          pages.remove(page);
        });
    pages.add(page); // first, so that nothing between the beginning and now is missed
    page.offer(new Event("begin", begin.get().toString()));
    daemon(() -> serve(page), "console-page").start();
  }

  /** A ban or an unban. */
  void tell(ObjectNode decision) {
    if (!pages.isEmpty()) {
      Event event = new Event("decision", decision.toString());
      pages.forEach(p -> p.offer(event));
    }
  }

  int pages() {
    return pages.size();
  }

  private void tick() {
    if (pages.isEmpty()) {
      return;
    }
    try {
      Event event = new Event("live", everySecond.get().toString());
      pages.forEach(p -> p.offer(event));
    } catch (RuntimeException e) { // thrown on, it would silently end every later tick
      log.error("The page's figures of this second could not be put together", e);
    }
  }

  private void serve(Page page) {
    try {
      while (!closing && !page.client.terminated()) {
        if (page.gone) {
          page.client.close();
          return;
        }
        Event event = page.queue.poll(1, TimeUnit.SECONDS);
        if (event != null) {
          page.client.sendEvent(event.name(), event.json());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException | NullPointerException e) {
      // The browser has left, and Jetty has taken the request back under our hands. Closing it now
      // would answer a request that is no more, which Javalin tries again without end.
      log.debug("A page has left", e);
    } finally {
      pages.remove(page);
    }
  }

  private static Thread daemon(Runnable r, String name) {
    Thread thread = new Thread(r, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    closing = true; // the server ends the connections
    ticker.shutdownNow();
  }
}
