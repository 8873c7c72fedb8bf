package io.banstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

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
          7L);

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
    assertThatThrownBy(() -> deserializer.deserialize("decisions", new byte[] {0, 0, 0, 0, 9, 1}))
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
  void aRegistryThatIsAwayIsNamed() {
    var serde = new AvroSerde<>(Decision.class, Optional.of("http://127.0.0.1:1"));
    assertThatThrownBy(() -> serde.serializer().serialize("decisions", BAN))
        .hasMessageContaining("http://127.0.0.1:1/subjects/decisions-value/versions");
  }

  /** Answers the two calls as Confluent's API does; the real one is tried in e2e. */
  private static final class FakeRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final List<String> calls = new ArrayList<>();
    private String schema = "";

    FakeRegistry() throws IOException {
      server.createContext("/", this::answer);
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private void answer(HttpExchange exchange) throws IOException {
      calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      String reply;
      if (exchange.getRequestMethod().equals("POST")) {
        JsonNode body = JSON.readTree(exchange.getRequestBody());
        schema = body.required("schema").asText();
        reply = "{\"id\":1}";
      } else {
        reply = JSON.createObjectNode().put("schema", schema).toString();
      }
      exchange.sendResponseHeaders(200, reply.length());
      exchange.getResponseBody().write(reply.getBytes());
      exchange.close();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
