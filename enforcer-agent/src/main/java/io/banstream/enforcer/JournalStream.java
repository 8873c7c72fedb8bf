package io.banstream.enforcer;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The journal's socket for lines, as systemd-cat(1) uses it: seven lines of head, then each line is
 * an entry of this process.
 */
final class JournalStream {
  static final Path SOCKET = Path.of("/run/systemd/journal/stdout");

  /** Identifier, unit (none), priority; no priority in lines; not on to syslog, kernel, console. */
  private static final String HEAD = "fail2ban\n\n5\n0\n0\n0\n0\n";

  private final Path socket;

  JournalStream(Path socket) {
    this.socket = socket;
  }

  /** Connects each time: a journald that was started again is found. */
  void write(String lines) throws IOException {
    if (!Files.exists(socket)) {
      throw new IOException("no socket " + socket);
    }
    ByteBuffer bytes = ByteBuffer.wrap((HEAD + lines).getBytes(StandardCharsets.UTF_8));
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
