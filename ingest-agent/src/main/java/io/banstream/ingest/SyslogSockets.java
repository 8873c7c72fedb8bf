package io.banstream.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The sockets that syslog messages come by, bound. */
final class SyslogSockets implements Closeable {
  /** What the kernel may hold of datagrams that are not read yet; it may grant less. */
  private static final int UDP_BUFFER = 4 << 20;

  private static final int BACKLOG = 64;
  private static final int SOCKET = 0140000;
  private static final int TYPE = 0170000;

  private final List<SelectableChannel> channels = new ArrayList<>();
  private final List<Path> paths = new ArrayList<>();

  private SyslogSockets() {}

  /**
   * @throws IllegalArgumentException in one line, if one can't be had
   */
  static SyslogSockets bind(List<SyslogAddress> addresses) {
    SyslogSockets sockets = new SyslogSockets();
    try {
      for (SyslogAddress address : addresses) {
        sockets.add(address);
      }
      return sockets;
    } catch (RuntimeException e) {
      sockets.close();
      throw e;
    }
  }

  private void add(SyslogAddress address) {
    try {
      switch (address.kind()) {
        case UDP -> {
          DatagramChannel udp = opened(DatagramChannel.open());
          udp.setOption(StandardSocketOptions.SO_RCVBUF, UDP_BUFFER);
          udp.bind(address.inet());
        }
        case TCP -> {
          ServerSocketChannel tcp = opened(ServerSocketChannel.open());
          tcp.setOption(StandardSocketOptions.SO_REUSEADDR, true);
          tcp.bind(address.inet(), BACKLOG);
        }
        case UNIX -> {
          ServerSocketChannel unix = opened(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
          removeStale(address);
          unix.bind(UnixDomainSocketAddress.of(address.unix()), BACKLOG);
          paths.add(address.unix());
          Files.setPosixFilePermissions(
              address.unix(), PosixFilePermissions.fromString("rw-rw----"));
        }
      }
    } catch (IOException | UnsupportedAddressTypeException e) {
      throw new IllegalArgumentException("syslog = " + address + ": " + e.getMessage(), e);
    }
  }

  private <T extends SelectableChannel> T opened(T channel) throws IOException {
    channels.add(channel);
    channel.configureBlocking(false);
    return channel;
  }

  /** A socket that nobody listens at any more is one left by a kill; anything else is not ours. */
  private static void removeStale(SyslogAddress address) throws IOException {
    Path path = address.unix();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & TYPE) != SOCKET) {
      throw new IOException("there is a file that is no socket; it stays");
    }
    try (SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      throw new IOException("another program listens there");
    } catch (ConnectException e) {
      Files.delete(path);
    }
  }

  List<SelectableChannel> channels() {
    return List.copyOf(channels);
  }

  @Override
  public void close() {
    try {
      for (SelectableChannel channel : channels) {
        channel.close();
      }
      for (Path path : paths) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
