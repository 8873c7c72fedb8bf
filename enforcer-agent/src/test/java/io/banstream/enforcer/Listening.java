package io.banstream.enforcer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;

/** A process that gives back what it is sent, by tcp and udp, IPv4 and IPv6. */
final class Listening {
  private static final String READY = "LISTENING";

  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocate(64);

  private Listening(List<Integer> ports) throws IOException {
    for (int port : ports) {
      ServerSocketChannel tcp = ServerSocketChannel.open();
      tcp.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      tcp.bind(new InetSocketAddress(port)).configureBlocking(false);
      tcp.register(selector, SelectionKey.OP_ACCEPT);
      DatagramChannel udp = DatagramChannel.open();
      udp.bind(new InetSocketAddress(port)).configureBlocking(false);
      udp.register(selector, SelectionKey.OP_READ);
    }
  }

  /** On these ports, until it is killed. */
  public static void main(String[] ports) throws IOException {
    Listening listening = new Listening(Arrays.stream(ports).map(Integer::valueOf).toList());
    System.out.println(READY);
    while (true) {
      listening.selector.select(listening::serve);
    }
  }

  private void serve(SelectionKey key) {
    buffer.clear();
    try {
      if (key.channel() instanceof ServerSocketChannel tcp) {
        SocketChannel accepted = tcp.accept();
        accepted.configureBlocking(false).register(selector, SelectionKey.OP_READ);
      } else if (key.channel() instanceof DatagramChannel udp) {
        var from = udp.receive(buffer);
        udp.send(buffer.flip(), from);
      } else if (key.channel() instanceof SocketChannel tcp) {
        if (tcp.read(buffer) < 0) {
          tcp.close();
        } else {
          tcp.write(buffer.flip());
        }
      }
    } catch (IOException e) {
      hangUp(key);
    }
  }

  /** One peer's end is not the others': a socket that listens stays. */
  private static void hangUp(SelectionKey key) {
    if (key.channel() instanceof SocketChannel tcp) {
      try {
        tcp.close();
      } catch (IOException e) {
        key.cancel();
      }
    }
  }
}
