package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.banstream.schemas.Decision;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver on loopback gets that is slow, refuses, goes and comes back. */
class WebhookTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(10);

  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Optional<HttpServer> server = Optional.empty();

  /** Answers the nth request, from 0 on. */
  private interface Answer {
    void to(HttpExchange exchange, int number) throws Exception;
  }

  private int serve(int port, Answer answer) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    http.setExecutor(threads);
    http.createContext(
        "/",
        exchange -> {
          mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          String body = new String(exchange.getRequestBody().readAllBytes());
          int number;
          synchronized (bodies) {
            number = bodies.size();
            bodies.add(body);
          }
          atOnce.decrementAndGet();
          try {
            answer.to(exchange, number);
          } catch (Exception e) {
            throw new IOException(e);
          } finally {
            exchange.close();
          }
        });
    http.start();
    server = Optional.of(http);
    return http.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.ifPresent(http -> http.stop(0));
    threads.shutdownNow();
  }

  private static Answer code(int code) {
    return (exchange, number) -> exchange.sendResponseHeaders(code, -1);
  }

  private static Webhook webhook(int port, Duration limit) {
    return new Webhook(
        WebhookTarget.parse("http://127.0.0.1:" + port + "/hook?key=k"), limit, SHORT);
  }

  private static Announcement ban(String address) {
    Decision decision = Samples.ban(address, "sasl", Samples.NOW, Duration.ofHours(1));
    return new Announcement(decision, Optional.empty(), Optional.empty());
  }

  private static void tell(Webhook webhook, String address) {
    Announcement ban = ban(address);
    webhook.tell(ban, BanAnswer.brief(ban.decision(), Optional.empty(), Samples.NOW));
  }

  private List<String> addresses() {
    return bodies.stream().map(WebhookTest::json).map(n -> n.path("address").asText()).toList();
  }

  private static JsonNode json(String body) {
    try {
      return Json.MAPPER.readTree(body);
    } catch (IOException e) {
      throw new AssertionError(body, e);
    }
  }

  private void awaitAddresses(String... addresses) {
    await().atMost(LONG).untilAsserted(() -> assertThat(addresses()).containsExactly(addresses));
  }

  @Test
  void eachIsOneObjectInItsOrderAndOneAtATime() throws Exception {
    List<String> heads = new CopyOnWriteArrayList<>();
    int port =
        serve(
            0,
            (exchange, number) -> {
              heads.add(
                  exchange.getRequestMethod()
                      + " "
                      + exchange.getRequestURI()
                      + " "
                      + exchange.getRequestHeaders().getFirst("Content-Type"));
              exchange.sendResponseHeaders(204, -1);
            });
    try (Webhook webhook = webhook(port, LONG)) {
      String[] all = new String[50];
      for (int i = 0; i < all.length; i++) {
        all[i] = "192.0.2." + i;
        tell(webhook, all[i]);
      }
      awaitAddresses(all);
    }
    assertThat(mostAtOnce).hasValue(1);
    assertThat(heads).containsOnly("POST /hook?key=k application/json");
    JsonNode first = json(bodies.get(0));
    assertThat(first.path("event").asText()).isEqualTo("ban");
    assertThat(first.path("text").asText()).startsWith("Ban 192.0.2.0 in sasl until ");
    assertThat(first.path("from").asText()).isEqualTo(Samples.NOW.toString());
  }

  @Test
  void anUnbanAndAnAlertSayWhatTheyAre() throws Exception {
    int port = serve(0, code(200));
    try (Webhook webhook = webhook(port, LONG)) {
      Announcement lifted = ban("192.0.2.1");
      lifted.decision().setVerdict(Verdict.UNBAN);
      ObjectNode json = BanAnswer.brief(lifted.decision(), Optional.<Evidence>empty(), Samples.NOW);
      webhook.tell(lifted, json.put("why", "\"quoted\"\u2028\n\u0000"));
      webhook.tell(GuardTrip.of(Samples.alert("relay1", "sasl", 0, Samples.NOW)));
      await().atMost(LONG).until(() -> bodies.size() == 2);
    }
    assertThat(json(bodies.get(0)).path("event").asText()).isEqualTo("unban");
    assertThat(json(bodies.get(0)).path("why").asText()).isEqualTo("\"quoted\"\u2028\n\u0000");
    assertThat(json(bodies.get(1)).path("event").asText()).isEqualTo("alert");
    assertThat(json(bodies.get(1)).path("host").asText()).isEqualTo("relay1");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 429, 408})
  void whatIsRefusedForNowIsPostedAgainBeforeTheNext(int refusal) throws Exception {
    int port =
        serve(
            0, (exchange, number) -> exchange.sendResponseHeaders(number < 3 ? refusal : 200, -1));
    try (Webhook webhook = webhook(port, LONG)) {
      tell(webhook, "192.0.2.1");
      tell(webhook, "192.0.2.2");
      awaitAddresses("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2");
    }
  }

  @Test
  void aReceiverThatComesBackGetsWhatItMissed() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (Webhook webhook = webhook(port, LONG)) {
      tell(webhook, "192.0.2.1");
      tell(webhook, "192.0.2.2");
      serve(port, code(200));
      awaitAddresses("192.0.2.1", "192.0.2.2");
    }
  }

  @Test
  void aReceiverThatIsSilentIsAskedAgain() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    int port =
        serve(
            0,
            (exchange, number) -> {
              if (number == 0) {
                end.await();
              } else if (number == 1) {
                exchange.sendResponseHeaders(200, 0); // and never a body
                end.await();
              }
              exchange.sendResponseHeaders(200, -1);
            });
    try (Webhook webhook = webhook(port, Duration.ofSeconds(1))) {
      tell(webhook, "192.0.2.1");
      tell(webhook, "192.0.2.2");
      // An answer that takes over a second on a busy machine makes one come once more.
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(addresses())
                      .startsWith("192.0.2.1", "192.0.2.1")
                      .endsWith("192.0.2.2")
                      .containsOnly("192.0.2.1", "192.0.2.2"));
    } finally {
      end.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 400, 404})
  void aRedirectIsNotFollowedAndWhatIsRefusedForGoodIsLeft(int refusal) throws Exception {
    int port =
        serve(
            0,
            (exchange, number) -> {
              exchange.getResponseHeaders().add("Location", "/elsewhere");
              exchange.sendResponseHeaders(refusal, -1);
            });
    try (Webhook webhook = webhook(port, LONG)) {
      tell(webhook, "192.0.2.1");
      tell(webhook, "192.0.2.2");
      awaitAddresses("192.0.2.1", "192.0.2.2");
    }
  }

  @Test
  void soManyWaitAndNoMore() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    int port =
        serve(
            0,
            (exchange, number) -> {
              open.await();
              exchange.sendResponseHeaders(200, -1);
            });
    try (Webhook webhook = webhook(port, LONG)) {
      tell(webhook, "192.0.2.1");
      await().atMost(LONG).until(() -> bodies.size() == 1);
      for (int i = 0; i < Webhook.MOST_WAITING + 100; i++) {
        tell(webhook, "192.0.2.2");
      }
      open.countDown();
      await().atMost(LONG).until(() -> bodies.size() == Webhook.MOST_WAITING + 1);
      tell(webhook, "192.0.2.3");
      await().atMost(LONG).until(() -> bodies.size() == Webhook.MOST_WAITING + 2);
      assertThat(addresses()).endsWith("192.0.2.2", "192.0.2.3");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "relay1:80",
        "ftp://example.com/x",
        "http://",
        "http://user:secret@example.com/",
        "http://example.com/secret path",
        "https://example.com/#x",
        "file:///etc/passwd"
      })
  void whatIsNoUrlIsRefusedWithoutItsSecret(String text) {
    assertThatThrownBy(() -> WebhookTarget.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("webhook: expected http://HOST:PORT/PATH or https://HOST/PATH, without a user");
  }

  @Test
  void aTargetIsPrintedWithoutItsPath() {
    assertThat(WebhookTarget.parse("https://example.com:8443/hooks/secret?token=t"))
        .hasToString("https://example.com:8443");
  }
}
