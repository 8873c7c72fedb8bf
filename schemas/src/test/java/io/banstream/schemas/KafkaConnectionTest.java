package io.banstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaConnectionTest {
  private static KafkaConnection to(String servers, Optional<String> registry) {
    return new KafkaConnection(Map.of("bootstrap.servers", servers), new Topics(""), registry);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"kafka1:9092", "192.0.2.1:9092, [2001:db8::1]:9092", "SASL_SSL://kafka1:9093"})
  void serversArePlacesAndPorts(String servers) {
    assertThat(to(servers, Optional.empty())).hasToString(servers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kafka1", "kafka1:", ":9092", "kafka1:9092,", "kafka1:port", "a b:1"})
  void whatIsNoServerIsRefused(String servers) {
    assertThatThrownBy(() -> to(servers, Optional.empty()))
        .hasMessage("bootstrap.servers = " + servers + ", expected HOST:PORT,...");
  }

  @Test
  void aRegistryIsAnAddress() {
    to("kafka1:9092", Optional.of("https://registry.example.com:8443/apis/ccompat/v7"));
    assertThatThrownBy(() -> to("kafka1:9092", Optional.of("registry:8081")))
        .hasMessage("registry = registry:8081, expected http://HOST:PORT/PATH");
  }
}
