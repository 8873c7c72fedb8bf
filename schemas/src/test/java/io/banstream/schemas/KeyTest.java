package io.banstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {
  @Test
  void partsComeBack() {
    assertThat(Key.of("centos6", "sshd")).isEqualTo("centos6 sshd");
    assertThat(Key.parts("centos6 sshd")).containsExactly("centos6", "sshd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\tb", "a\nb", "a\u0007"})
  void partsThatWouldBlurAKeyAreRefused(String part) {
    assertThatThrownBy(() -> Key.of("x", part)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void decisionKeyReadsItsOwnText() {
    var key = new DecisionKey(Address.parse("2001:db8::/64"), "sshd", DecisionKey.FLEET);
    assertThat(key).hasToString("2001:db8::/64 sshd *");
    assertThat(DecisionKey.parse(key.toString())).isEqualTo(key);
    assertThatThrownBy(() -> DecisionKey.parse("192.0.2.1 sshd"))
        .hasMessageContaining("'192.0.2.1 sshd'");
  }

  @Test
  void reachIsTheFleetOrOneHost() {
    assertThat(DecisionKey.parse("192.0.2.1 sshd *").reaches("relay1")).isTrue();
    assertThat(DecisionKey.parse("192.0.2.1 sshd relay2").reaches("relay1")).isFalse();
  }
}
