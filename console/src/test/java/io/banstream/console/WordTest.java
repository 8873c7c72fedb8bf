package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.schemas.Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused of an operator's word, and what of a request. */
class WordTest {
  private static BanRequest ban(String target, boolean confirmed) {
    return new BanRequest(
        Address.parse(target), "manual", Optional.empty(), Optional.empty(), confirmed);
  }

  @Test
  void aWideNetworkIsTakenOnlyConfirmedAndEverythingNever() {
    assertThatThrownBy(() -> ban("0.0.0.0/0", true)).hasMessageContaining("never");
    assertThatThrownBy(() -> ban("::/0", true)).hasMessageContaining("never");
    assertThatThrownBy(() -> ban("10.0.0.0/15", false)).hasMessageContaining("--yes");
    assertThatThrownBy(() -> ban("2001::/31", false)).hasMessageContaining("--yes");
    assertThat(ban("10.0.0.0/15", true).target()).hasToString("10.0.0.0/15");
    assertThat(ban("10.0.0.0/16", false).target()).hasToString("10.0.0.0/16");
    assertThat(ban("2001:db8::/32", false).target()).hasToString("2001:db8::/32");
  }

  @Test
  void aReasonIsOneLine() {
    assertThatThrownBy(
            () ->
                BanRequest.manual(
                    Address.parse("192.0.2.1"), Optional.empty(), Optional.of("a\nb")))
        .hasMessageStartingWith("why = a\uFFFDb, expected");
    assertThatThrownBy(
            () ->
                BanRequest.manual(
                    Address.parse("192.0.2.1"), Optional.of(Duration.ZERO), Optional.empty()))
        .hasMessageStartingWith("for = 0 s, expected");
  }

  @Test
  void anAllowIsOfANetworkOrAName() {
    assertThat(allow("Office.Example.COM").target()).isEqualTo("office.example.com");
    assertThat(allow("::ffff:192.0.2.1").target()).isEqualTo("192.0.2.1");
    assertThat(allow("192.0.2.77/24").target()).isEqualTo("192.0.2.0/24");
  }

  @ParameterizedTest
  @ValueSource(strings = {"300.1.2.3", "192.0.2.1/33", "a b", "-a", "a..b", "<script>", "1.2.3"})
  void anythingElseIsNoAllow(String target) {
    assertThatThrownBy(() -> allow(target)).hasMessageStartingWith("target = ");
  }

  private static AllowRequest allow(String target) {
    return new AllowRequest(target, Optional.empty(), Optional.empty(), false);
  }

  @Test
  void anUnbanClearsWhatTheAddressIsCountedAsToo() {
    UnbanTargets targets =
        UnbanTargets.of(
            Address.parse("2001:db8::1"),
            List.of(Address.parse("2001:db8::/56"), Address.parse("192.0.2.1")),
            List.of(64, 128));
    assertThat(targets.banned()).containsExactly(Address.parse("2001:db8::/56"));
    assertThat(targets.counted())
        .containsExactlyInAnyOrder(Address.parse("2001:db8::1"), Address.parse("2001:db8::/64"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:8080", "localhost", "[::1]:80", "192.0.2.1", "relay1:8080", "RELAY1"})
  void aHostHeaderOfOursIsAdmitted(String header) {
    assertThat(new HostCheck(Set.of("relay1")).admits(header)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example.com", "localhost.example.com", "[::1", "", "127.0.0.1.example.com"})
  void anotherNameIsNot(String header) {
    assertThat(new HostCheck(Set.of("relay1")).admits(header)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.1:99999", ":80", "a b:80", "::1:80", "http://a:80"})
  void aBindIsHostAndPort(String bind) {
    assertThatThrownBy(() -> Bind.parse("http", bind))
        .hasMessage("http = " + bind + ", expected HOST:PORT, port 0 to 65535");
  }

  @Test
  void aBindKnowsLoopback() {
    assertThat(Bind.parse("http", "[::1]:0").isLoopback()).isTrue();
    assertThat(Bind.parse("http", "0.0.0.0:80").isLoopback()).isFalse();
    assertThat(Bind.parse("http", "[::]:80").urlHost()).isEqualTo("[::1]");
  }
}
