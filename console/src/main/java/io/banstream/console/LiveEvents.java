package io.banstream.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

  private record Event(String name, String json) {
    byte[] bytes() {
      return ("event: " + name + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
  }

  private static final class Page {
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
    private volatile boolean gone;

    void offer(Event event) {
      if (!queue.offer(event)) {
        gone = true;
      }
    }
  }

  private final Supplier<ObjectNode> begin;
  private final Supplier<ObjectNode> everySecond;
  private final List<Page> pages = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
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

  /**
   * A page has opened. Keeps the request's own thread until the page has closed: nothing of the
   * request is touched once the server has taken it back.
   */
  void serve(HttpServletResponse response) throws IOException {
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("UTF-8");
    OutputStream out = response.getOutputStream();
    Page page = new Page();
    try {
      if (open.incrementAndGet() > PAGES) {
        String error = Json.object().put("error", PAGES + " pages are open already").toString();
        out.write(new Event("busy", error).bytes());
        return;
      }
      pages.add(page); // first, so that nothing between the beginning and now is missed
      write(page, new Event("begin", begin.get().toString()), out);
    } finally {
      pages.remove(page);
      open.decrementAndGet();
    }
  }

  /** What comes while the beginning is put together comes behind it. */
  private static void write(Page page, Event first, OutputStream out) {
    try {
      Event event = first;
      while (!page.gone) {
        if (event != null) {
          out.write(event.bytes());
          out.flush();
        }
        event = page.queue.poll(1, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      page.gone = true; // closed: what comes next second finds out
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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

  private static Thread daemon(Runnable r, String name) {
    Thread thread = new Thread(r, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    pages.forEach(p -> p.gone = true);
  }
}
