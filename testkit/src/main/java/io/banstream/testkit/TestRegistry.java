package io.banstream.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A schema registry on loopback: the two calls of Confluent's API that Banstream makes, kept in
 * memory. With {@code -Dbanstream.registry=URL} it stands before a real registry and hands every
 * call on. Either way it can go away, come back where it was, and refuse.
 */
public final class TestRegistry implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int BIND_TRIES = 100;

  private final Optional<String> real =
      Optional.ofNullable(System.getProperty("banstream.registry"));
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> schemas = new ArrayList<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final AtomicInteger clients = new AtomicInteger();
  private HttpServer server;
  private int port;

  private record Answer(int status, String body) {}

  private TestRegistry() {}

  public static TestRegistry start() {
    TestRegistry registry = new TestRegistry();
    registry.startAgain();
    return registry;
  }

  /** Another URL of it at each call: who uses it knows no schema yet. */
  public String url() {
    return "http://127.0.0.1:" + port + "/" + clients.incrementAndGet();
  }

  /** Goes away: connections are refused. */
  public void stop() {
    server.stop(0);
  }

  /** Is there again, where it was, with all that it knew. */
  public void startAgain() {
    server = bound();
    port = server.getAddress().getPort();
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "test-registry");
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/", this::serve);
    server.start();
  }

  /** Somebody else may have been given the port for a moment. */
  private HttpServer bound() {
    for (int i = 0; ; i++) {
      try {
        return HttpServer.create(new InetSocketAddress(LOOPBACK, port), 0);
      } catch (IOException e) {
        if (i == BIND_TRIES) {
          throw new UncheckedIOException("port " + port, e);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers 409 to new schemas for this topic's values, as if an incompatible one stood there. */
  public void refuse(String topic) {
    refused.add(subject(topic));
  }

  public void accept(String topic) {
    refused.remove(subject(topic));
  }

  private static String subject(String topic) {
    return "/subjects/" + topic + "-value/versions";
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().replaceFirst("^/\\d+", "");
    String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Answer answer;
    if (refused.contains(path)) {
      answer = new Answer(409, error(409, "Schema being registered is incompatible"));
    } else if (real.isPresent()) {
      answer = forward(exchange.getRequestMethod(), real.get() + path, request);
    } else {
      answer = answer(path, request);
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Answer forward(String method, String url, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .method(
                method,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .build();
    try {
      var response = http.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private synchronized Answer answer(String path, String body) throws IOException {
    if (path.startsWith("/subjects/")) {
      String schema = JSON.readTree(body).required("schema").asText();
      if (!schemas.contains(schema)) {
        schemas.add(schema);
      }
      return new Answer(200, json(Map.of("id", schemas.indexOf(schema) + 1)));
    }
    int id = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
    return id < 1 || id > schemas.size()
        ? new Answer(404, error(40403, "Schema " + id + " not found"))
        : new Answer(200, json(Map.of("schema", schemas.get(id - 1))));
  }

  private static String error(int code, String message) throws IOException {
    return json(Map.of("error_code", code, "message", message));
  }

  private static String json(Map<String, ?> fields) throws IOException {
    return JSON.writeValueAsString(fields);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
