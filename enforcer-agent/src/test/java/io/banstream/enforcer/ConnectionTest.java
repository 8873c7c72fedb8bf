package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.schemas.Address;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTest {
  @ParameterizedTest
  @CsvSource({
    "ESTAB 0 0 198.51.100.1:25 192.0.2.1:40000, 192.0.2.1, 25",
    "ESTAB 0      36   [::ffff:198.51.100.1]:143  [::ffff:192.0.2.1]:40000, 192.0.2.1, 143",
    "FIN-WAIT-2 0 0 [2001:db8::1]:993 [2001:db8::2]:40000, 2001:db8::2, 993",
    "ESTAB 0 0 [fe80::1%eth0]:22 [fe80::2%eth0]:40000, fe80::2, 22",
    "ESTAB 0 0 ::ffff:198.51.100.1:25 ::ffff:192.0.2.1:40000, 192.0.2.1, 25"
  })
  void whatSsPrintsIsRead(String line, String peer, int port) {
    Connection connection = Connection.parse(line).orElseThrow();
    assertThat(connection.peer()).isEqualTo(Address.parse(peer));
    assertThat(connection.port()).isEqualTo(port);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1%lo:25, 127.0.0.2:40000, ( src 127.0.0.1:25 and dst 127.0.0.2:40000 )",
    "[fe80::1]%eth0:22, [fe80::2]:40000, ( src [fe80::1]:22 and dst [fe80::2]:40000 )",
    "[fe80::1%eth0]:22, [fe80::2%eth0]:40000, ( src [fe80::1]:22 and dst [fe80::2]:40000 )"
  })
  void ssIsAskedWithoutTheInterfaceThatItPrints(String local, String peer, String words) {
    Connection connection = Connection.parse("ESTAB 0 0 " + local + " " + peer).orElseThrow();
    assertThat(connection.words()).isEqualTo(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess",
        "ESTAB 0 0 198.51.100.1:smtp 192.0.2.1:40000",
        "ESTAB 0 0 198.51.100.1:25 *:*",
        "ESTAB 0 0 198.51.100.1:25 nobody",
        "ESTAB 0 0 198.51.100.1:25",
      })
  void whatIsNoConnectionIsPassedOver(String line) {
    assertThat(Connection.parse(line)).isEmpty();
  }
}
