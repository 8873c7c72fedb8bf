package io.banstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModelAddressTest {
  @Test
  void textIsCanonical() {
    assertThat(ModelAddress.parse("::ffff:192.0.2.1")).hasToString("192.0.2.1");
    assertThat(ModelAddress.parse("2001:DB8:0:0:1:0:0:1")).hasToString("2001:db8::1:0:0:1");
    assertThat(ModelAddress.parse("2001:db8:0:1:1:1:1:1")).hasToString("2001:db8:0:1:1:1:1:1");
    assertThat(ModelAddress.parse("::")).hasToString("::");
    assertThat(ModelAddress.parse("::1")).hasToString("::1");
    assertThat(ModelAddress.parse("2001:db8::")).hasToString("2001:db8::");
    assertThat(ModelAddress.parse("10:0:0:0:10::1")).hasToString("10::10:0:0:1");
  }

  @Test
  void aNetworkHoldsWhatSharesItsBits() {
    ModelAddress network = ModelAddress.parse("192.0.2.77/24");
    assertThat(network).hasToString("192.0.2.0/24");
    assertThat(network.contains(ModelAddress.parse("192.0.2.255"))).isTrue();
    assertThat(network.contains(ModelAddress.parse("192.0.3.0"))).isFalse();
    assertThat(network.contains(ModelAddress.parse("192.0.0.0/16"))).isFalse();
    assertThat(network.contains(ModelAddress.parse("2001:db8::1"))).isFalse();
  }

  @Test
  void ipv6CountsAsItsNetworkAndIpv4AsItself() {
    assertThat(ModelAddress.parse("2001:db8::1").counted(64)).hasToString("2001:db8::/64");
    assertThat(ModelAddress.parse("192.0.2.1").counted(64)).hasToString("192.0.2.1");
  }
}
