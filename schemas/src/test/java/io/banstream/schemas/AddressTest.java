package io.banstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "192.0.2.77/24, 192.0.2.0/24",
    "192.0.2.1/32, 192.0.2.1",
    "0.0.0.0/0, 0.0.0.0/0",
    "::ffff:192.0.2.1, 192.0.2.1",
    "::ffff:c000:201, 192.0.2.1",
    "::ffff:192.0.2.0/120, 192.0.2.0/24",
    "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:db8:1:2:3:4:5:6/64, 2001:db8:1:2::/64",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "::/0, ::/0",
    "2001:db8::192.0.2.1, 2001:db8::c000:201",
  })
  void textIsCanonical(String text, String canonical) {
    assertThat(Address.parse(text)).hasToString(canonical);
    assertThat(Address.parse(canonical)).isEqualTo(Address.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "192.0.2",
        "192.0.2.1.5",
        "192.0.2.256",
        "192.0.2.01",
        "192.0.2.1/33",
        "192.0.2.1/",
        "192.0.2.1/-1",
        "192.0.2.1/032",
        "example.com",
        "fe80::1%eth0",
        "2001:db8::/129",
        ":::",
        "1:2",
        "2001:db8::g",
        "[::1]",
        "١.٢.٣.٤",
        "192.0.2.1\n"
      })
  void whatIsNoAddressIsRefusedAndQuoted(String text) {
    assertThat(Address.tryParse(text)).isEmpty();
    assertThatThrownBy(() -> Address.parse(text)).hasMessageContaining("'" + text + "'");
  }

  @Test
  void networkContainsWhatLiesWithin() {
    Address network = Address.parse("2001:db8:1:2::/64");
    assertThat(network.contains(Address.parse("2001:db8:1:2:ffff::9"))).isTrue();
    assertThat(network.contains(Address.parse("2001:db8:1:3::9"))).isFalse();
    assertThat(network.contains(network)).isTrue();
    assertThat(network.contains(Address.parse("2001:db8:1::/48"))).isFalse();
    assertThat(Address.parse("0.0.0.0/0").contains(Address.parse("::1"))).isFalse();
    assertThat(Address.parse("198.51.100.0/25").contains(Address.parse("198.51.100.128")))
        .isFalse();
  }

  @Test
  void ipv6CountsAsItsNetworkAndIpv4AsItself() {
    assertThat(Address.parse("2001:db8:1:2:3::4").counted(64)).hasToString("2001:db8:1:2::/64");
    assertThat(Address.parse("2001:db8:1:2:3::4").counted(128)).hasToString("2001:db8:1:2:3::4");
    assertThat(Address.parse("192.0.2.1").counted(64)).hasToString("192.0.2.1");
  }

  @Test
  void orderIsByFamilyThenNumberThenWidth() {
    List<String> sorted =
        List.of("9.0.0.0/8", "9.0.0.0", "192.0.2.1", "::1", "2001:db8::/64", "ff02::1");
    assertThat(sorted.stream().map(Address::parse).sorted().map(Address::toString))
        .isEqualTo(sorted);
  }

  @Test
  void socketAddressesAreTheSameValues() throws UnknownHostException {
    assertThat(Stream.of("192.0.2.1", "2001:db8::1"))
        .allSatisfy(
            t -> assertThat(Address.of(InetAddress.getByName(t))).isEqualTo(Address.parse(t)));
  }

  @Test
  void loopbackIsKnownInBothFamilies() {
    assertThat(Address.parse("127.9.9.9").isLoopback()).isTrue();
    assertThat(Address.parse("::1").isLoopback()).isTrue();
    assertThat(Address.parse("::2").isLoopback()).isFalse();
  }
}
