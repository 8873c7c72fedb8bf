package io.banstream.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.schemas.Reason;
import io.banstream.schemas.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts each ban, unban and alert to one URL, once for the fleet: a JSON object a request, in their
 * order, one request at a time. What is not taken is posted again until it is; meanwhile as many
 * wait as fit, and later ones are left out. An answer that was lost makes one come twice. Redirects
 * are not followed, nor is anything read of an answer but its code.
 *
 * <p>Told is what comes into force, or trips, while the console runs.
 */
final class Webhook implements AutoCloseable {
  /** Objects that wait at most, some kB each. */
  static final int MOST_WAITING = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  private final WebhookTarget target;
  private final Duration limit;
  private final Duration pause;
  private final HttpClient client;
  private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread = new Thread(this::run, "console-webhook");
  private boolean failing;

  /**
   * @param limit for one request, from its connection to its answer
   * @param pause before the second try; each further one doubles it, up to a minute
   */
  Webhook(WebhookTarget target, Duration limit, Duration pause) {
    this.target = target;
    this.limit = limit;
    this.pause = pause;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limit)
            .build();
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * A ban or unban has come into force.
   *
   * @param json as the interface has it
   */
  void tell(Announcement news, ObjectNode json) {
    boolean ban = news.decision().getVerdict() == Verdict.BAN;
    post(ban ? "ban" : "unban", news.line(), json);
  }

  /** A guard has tripped. */
  void tell(GuardTrip trip) {
    post("alert", trip.words(), trip.json());
  }

  private void post(String event, String text, ObjectNode json) {
    ObjectNode body = Json.object().put("event", event).put("text", text);
    body.setAll(json);
    if (!waiting.offer(body.toString()) && lost.getAndIncrement() == 0) {
      LOG.warn("webhook: {} wait already for {}, later ones are left out", MOST_WAITING, target);
    }
  }

  private void run() {
    try {
      while (true) {
        String next = waiting.take();
        Duration again = pause;
        while (!isDone(next)) {
          TimeUnit.MILLISECONDS.sleep(again.toMillis());
          again = again.multipliedBy(2);
          again = again.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : again;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Posts it; false: it is to be tried again. */
  private boolean isDone(String body) throws InterruptedException {
    try {
      int code = send(body);
      boolean taken = code / 100 == 2;
      boolean later = code / 100 == 5 || code == REQUEST_TIMEOUT || code == TOO_MANY_REQUESTS;
      if (taken) {
        well();
      } else {
        ill("it answers " + code + (later ? "" : ", and is not asked again for the same"));
      }
      return !later;
    } catch (IOException e) {
      ill(Plain.text(Reason.of(e)));
      return false;
    }
  }

  private int send(String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(target.url())
            .header("Content-Type", "application/json")
            .header("User-Agent", "banstream")
            .timeout(limit)
            .POST(BodyPublishers.ofString(body))
            .build();
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(request, BodyHandlers.ofInputStream());
    try {
      HttpResponse<InputStream> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      response.body().close();
      return response.statusCode();
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no answer within " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private void ill(String why) {
    if (!failing) {
      failing = true;
      LOG.warn("webhook: {} does not take what is posted: {}", target, why);
    }
  }

  private void well() {
    if (failing) {
      failing = false;
      LOG.info("webhook: {} takes what is posted again", target);
    }
    if (lost.get() > 0 && waiting.isEmpty()) { // not with each place that gets free
      LOG.warn("webhook: {} were left out", lost.getAndSet(0));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
