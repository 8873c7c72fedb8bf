package io.banstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class ReasonTest {
  @Test
  void causesAreSaidOnceAndOnOneLine() {
    Exception cause = new IllegalStateException("no\nserver");
    assertThat(Reason.of(new KafkaException("Failed to construct", cause)))
        .isEqualTo("Failed to construct: no server");
    assertThat(Reason.of(new KafkaException(cause))).endsWith("IllegalStateException: no server");
    assertThat(Reason.of(new NullPointerException())).isEqualTo("NullPointerException");
  }
}
