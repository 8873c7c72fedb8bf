package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.jails.Policy.Subnet;
import io.banstream.processor.BannedAddresses.Banned;
import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class BannedAddressesTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  private final BannedAddresses banned = new BannedAddresses();

  private static Banned until(String address, Instant until) {
    return new Banned(Address.parse(address), NOON, until);
  }

  @Test
  void asManyAreKeptAsMayBeAskedForThoseThatEndLast() {
    for (int i = 0; i <= Subnet.MOST_BANS; i++) {
      String address = String.format("2001:db8::%x", i + 1);
      banned.add(until(address, NOON.plusSeconds(60 + (i == 7 ? -1 : i))), NOON);
    }
    assertThat(banned.at(NOON))
        .hasSize(Subnet.MOST_BANS)
        .extracting(Banned::address)
        .doesNotContain(Address.parse("2001:db8::8"));
  }

  /** Frozen: a store of an older version must be read. */
  @Test
  void theBytesStayAsTheyAre() {
    banned.add(until("192.0.2.1", NOON.plusSeconds(600)), NOON);
    banned.add(until("2001:db8::/64", Ban.FOR_EVER), NOON);
    banned.told(true);
    byte[] packed = banned.encode();
    assertThat(HexFormat.of().formatHex(packed))
        .isEqualTo(
            "010180d89da9c268"
                + "09"
                + "3139322e302e322e31"
                + "80d89da9c268"
                + "01809f49"
                + "0d"
                + "323030313a6462383a3a2f3634"
                + "80d89da9c268"
                + "00");
    BannedAddresses read = BannedAddresses.decode(packed);
    assertThat(read.at(NOON)).isEqualTo(banned.at(NOON));
    assertThat(read.encode()).isEqualTo(packed);
    assertThat(read.told(true)).isFalse();
  }

  @Test
  void anotherVersionIsRefused() {
    assertThatThrownBy(() -> BannedAddresses.decode(new byte[] {9}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("network of version 9, expected 1");
  }

  @Test
  void oneThatIsForEverIsNotForgotten() {
    banned.add(until("192.0.2.1", Ban.FOR_EVER), NOON);
    assertThat(banned.forgotten()).isEqualTo(Ban.FOR_EVER);
  }
}
