package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.enforcer.NeverBanned.Exempt;
import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeverBannedTest {
  private static final Instant NOW = Instant.parse("2026-11-25T05:00:00Z");

  private final Table table = new Table("relay1");
  private List<Exempt> surroundings =
      List.of(
          new Exempt(Address.parse("198.51.100.53"), "name server"),
          new Exempt(Address.parse("203.0.113.0/24"), "Postfix's mynetworks"));

  private String why(String address) {
    return NeverBanned.of(surroundings, table, NOW).why(Address.parse(address)).orElse("");
  }

  @Test
  void loopbackAndSurroundingsAreNeverBanned() {
    assertThat(why("127.0.0.9")).isEqualTo("loopback");
    assertThat(why("::1")).isEqualTo("loopback");
    assertThat(why("198.51.100.53")).isEqualTo("name server");
    assertThat(why("203.0.113.7")).isEqualTo("Postfix's mynetworks");
    assertThat(why("198.51.100.54")).isEmpty();
    assertThat(why("2001:db8::1")).isEmpty();
  }

  @Test
  void aNetworkThatHoldsOneOfThemIsNotBannedEither() {
    assertThat(why("198.51.100.0/24")).isEqualTo("holds 198.51.100.53: name server");
    assertThat(why("198.51.100.128/25")).isEmpty();
    assertThat(why("0.0.0.0/0")).isEqualTo("every address there is");
    assertThat(why("::/0")).isEqualTo("every address there is");
  }

  @Test
  void anAllowHoldsUntilItsEnd() {
    table.allow(
        "192.0.2.0/24",
        new Table.Allowed(NOW.plusSeconds(1), List.of(Address.parse("192.0.2.0/24"))));
    table.allow("192.0.3.1", new Table.Allowed(NOW, List.of(Address.parse("192.0.3.1"))));
    assertThat(why("192.0.2.9")).isEqualTo("allow list");
    assertThat(why("192.0.3.1")).isEmpty();
  }

  @Test
  void theFleetsOtherHostsAreNeverBannedWhileTheyAreHeardOf() {
    table.peer("relay2", new Table.Peer(NOW, List.of(Address.parse("192.0.2.2"))));
    table.peer(
        "relay3", new Table.Peer(NOW.minusSeconds(8 * 86400), List.of(Address.parse("192.0.2.3"))));
    assertThat(why("192.0.2.2")).isEqualTo("host relay2");
    assertThat(why("192.0.2.3")).isEmpty();
  }

  @Test
  void aHostWithoutIPv6SkipsIPv6() {
    surroundings = List.of(new Exempt(Address.parse("::/0"), "this host's firewall has no IPv6"));
    assertThat(why("2001:db8::1")).isEqualTo("this host's firewall has no IPv6");
    assertThat(why("192.0.2.1")).isEmpty();
  }
}
