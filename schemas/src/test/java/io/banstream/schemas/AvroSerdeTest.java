package io.banstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroSerdeTest {
  private static final Decision BAN =
      new Decision(
          Verdict.BAN,
          "postfix-sasl",
          "192.0.2.1",
          DecisionKey.FLEET,
          Instant.ofEpochMilli(1_700_000_000_123L),
          null,
          1,
          3,
          7L,
          false,
          false);

  /** A record by the schema 9 of some registry. */
  private static final byte[] CONFLUENT_9 = {0, 0, 0, 0, 9, 1};

  @Test
  void withoutARegistryTheSingleObjectEncodingTravels() {
    var serde = new AvroSerde<>(Decision.class, Optional.empty());
    byte[] bytes = serde.serializer().serialize("decisions", BAN);
    assertThat(bytes).startsWith(0xC3, 0x01);
    assertThat(bytes.length).as("design: at most 200 bytes").isLessThanOrEqualTo(200);
    assertThat(serde.deserializer().deserialize("decisions", bytes)).isEqualTo(BAN);
  }

  @Test
  void tombstonesPassAsTheyAre() {
    var serde = new AvroSerde<>(Decision.class, Optional.empty());
    assertThat(serde.serializer().serialize("decisions", null)).isNull();
    assertThat(serde.deserializer().deserialize("decisions", null)).isNull();
  }

  @Test
  void whatIsNoRecordIsNamed() {
    var deserializer = new AvroSerde<>(Decision.class, Optional.empty()).deserializer();
    for (byte[] bytes : List.of(new byte[0], new byte[] {1, 2, 3}, "{\"a\":1}".getBytes())) {
      assertThatThrownBy(() -> deserializer.deserialize("decisions", bytes))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("not a Decision");
    }
    assertThatThrownBy(() -> deserializer.deserialize("decisions", CONFLUENT_9))
        .hasMessageContaining("schema 9 needs a registry");
  }

  @Test
  void withARegistryTheConfluentFormatTravelsAndBothAreRead() throws IOException {
    try (FakeRegistry registry = new FakeRegistry()) {
      var serde = new AvroSerde<>(Decision.class, Optional.of(registry.url()));
      byte[] bytes = serde.serializer().serialize("decisions", BAN);
      assertThat(bytes).startsWith(0, 0, 0, 0, 1);
      assertThat(serde.serializer().serialize("decisions", BAN)).isEqualTo(bytes);

      var reader = new AvroSerde<>(Decision.class, Optional.of(registry.url())).deserializer();
      assertThat(reader.deserialize("decisions", bytes)).isEqualTo(BAN);
      byte[] bare =
          new AvroSerde<>(Decision.class, Optional.empty()).serializer().serialize("d", BAN);
      assertThat(reader.deserialize("decisions", bare)).isEqualTo(BAN);
      assertThat(registry.calls)
          .containsExactly("POST /subjects/decisions-value/versions", "GET /schemas/ids/1");
    }
  }

  @Test
  void aRegistryThatIsAwayIsNoFaultOfTheRecords() {
    var serde = new AvroSerde<>(Decision.class, Optional.of("http://127.0.0.1:1"));
    assertThatThrownBy(() -> serde.serializer().serialize("decisions", BAN))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("http://127.0.0.1:1/subjects/decisions-value/versions");
    assertThatThrownBy(() -> serde.deserializer().deserialize("decisions", CONFLUENT_9))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("http://127.0.0.1:1/schemas/ids/9");
  }

  @Test
  void whatIsKnownOfARegistryServesOnWhileItIsAway() throws IOException {
    String url;
    byte[] bytes;
    try (FakeRegistry registry = new FakeRegistry()) {
      url = registry.url();
      var serde = new AvroSerde<>(Decision.class, Optional.of(url));
      bytes = serde.serializer().serialize("decisions", BAN);
      serde.deserializer().deserialize("decisions", bytes);
    }
    var anew = new AvroSerde<>(Decision.class, Optional.of(url));
    assertThat(anew.serializer().serialize("decisions", BAN)).isEqualTo(bytes);
    assertThat(anew.deserializer().deserialize("decisions", bytes)).isEqualTo(BAN);
  }

  @Test
  void aSchemaThatTheRegistryDoesNotKnowIsTheRecordsFault() throws IOException {
    try (FakeRegistry registry = new FakeRegistry()) {
      registry.refuse(404, "{\"error_code\":40403,\"message\":\"Schema 9 not found\"}");
      var reader = new AvroSerde<>(Decision.class, Optional.of(registry.url())).deserializer();
      assertThatThrownBy(() -> reader.deserialize("decisions", CONFLUENT_9))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("Schema 9 not found");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "409 | {\"error_code\":409,\"message\":\"incompatible\\nwith 1\"} | 409: incompatible with 1",
        "404 | <html>no such page</html>                                    | 404: ",
        "401 | ''                                                           | 401: ",
        "503 | {\"message\":\"starting\"}                                   | 503: starting"
      })
  void aRegistryThatRefusesIsQuotedInOneLine(int status, String body, String quoted)
      throws IOException {
    try (FakeRegistry registry = new FakeRegistry()) {
      registry.refuse(status, body);
      var serde = new AvroSerde<>(Decision.class, Optional.of(registry.url()));
      assertThatThrownBy(() -> serde.serializer().serialize("decisions", BAN))
          .isInstanceOf(RegistryException.class)
          .hasMessage(
              "schema registry "
                  + registry.url()
                  + "subjects/decisions-value/versions answered "
                  + (quoted.endsWith(":") ? quoted + " " : quoted));
      assertThatThrownBy(() -> serde.deserializer().deserialize("decisions", CONFLUENT_9))
          .isInstanceOf(RegistryException.class);
    }
  }

  @Test
  void anAnswerOfSomethingElseIsNoSchemaId() throws IOException {
    try (FakeRegistry registry = new FakeRegistry()) {
      registry.refuse(200, "{}");
      var serde = new AvroSerde<>(Decision.class, Optional.of(registry.url()));
      assertThatThrownBy(() -> serde.serializer().serialize("decisions", BAN))
          .isInstanceOf(RegistryException.class)
          .hasMessageEndingWith("/subjects/decisions-value/versions gave no id");
    }
  }

  /** Answers the two calls as Confluent's API does; a real one is tried in e2e's RegistryIT. */
  private static final class FakeRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger MADE = new AtomicInteger();

    private final HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    /** What is learnt is kept by URL, and a port may come again. */
    private final String base = "/" + MADE.incrementAndGet() + "/";

    private final List<String> calls = new ArrayList<>();
    private String schema = "";
    private Optional<Refusal> refusal = Optional.empty();

    private record Refusal(int status, String body) {}

    FakeRegistry() throws IOException {
      server.createContext(base, this::answer);
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + base;
    }

    void refuse(int status, String body) {
      refusal = Optional.of(new Refusal(status, body));
    }

    private void answer(HttpExchange exchange) throws IOException {
      String path = exchange.getRequestURI().getPath().substring(base.length() - 1);
      calls.add(exchange.getRequestMethod() + " " + path);
      byte[] request = exchange.getRequestBody().readAllBytes();
      if (refusal.isPresent()) {
        reply(exchange, refusal.get().status(), refusal.get().body());
      } else if (exchange.getRequestMethod().equals("POST")) {
        schema = JSON.readTree(request).required("schema").asText();
        reply(exchange, 200, "{\"id\":1}");
      } else {
        reply(exchange, 200, JSON.createObjectNode().put("schema", schema).toString());
      }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
