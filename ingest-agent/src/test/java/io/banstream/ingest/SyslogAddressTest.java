package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyslogAddressTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"udp:127.0.0.1:514", "tcp:[::1]:601", "unix:/run/banstream/log"})
  void isReadAsItIsWritten(String text) {
    assertThat(SyslogAddress.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "udp:514", "udp:host", "tls:host:1", "unix:log", "tcp:a:99999", "tcp:a:0"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> SyslogAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("syslog")
        .hasMessageContaining("expected");
  }

  private SyslogSockets bind(Path path) {
    return SyslogSockets.bind(List.of(SyslogAddress.parse("unix:" + path)));
  }

  @Test
  void aFileThatIsNoSocketStays() throws IOException {
    Path file = Files.writeString(folder.resolve("log"), "mine");
    assertThatThrownBy(() -> bind(file)).hasMessageContaining("no socket; it stays");
    assertThat(file).hasContent("mine");
  }

  @Test
  void aSocketThatSomebodyListensAtStays() {
    Path path = folder.resolve("log");
    try (SyslogSockets first = bind(path)) {
      assertThat(first.channels()).hasSize(1);
      assertThatThrownBy(() -> bind(path)).hasMessageContaining("another program listens there");
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void aSocketLeftByAKillIsReplaced() throws IOException {
    Path path = folder.resolve("log");
    try (var left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(path)); // closing does not unlink it
    }
    try (SyslogSockets sockets = bind(path)) {
      assertThat(sockets.channels()).hasSize(1);
    }
  }

  @Test
  void aPortThatIsTakenIsToldInOneLine() throws IOException {
    try (var taken = new ServerSocket(0)) {
      String address = "tcp:127.0.0.1:" + taken.getLocalPort();
      assertThatThrownBy(() -> SyslogSockets.bind(List.of(SyslogAddress.parse(address))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("syslog = " + address + ": ");
    }
  }
}
