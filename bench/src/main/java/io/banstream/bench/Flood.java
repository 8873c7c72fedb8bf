package io.banstream.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;

/**
 * Sends packets from an address as fast as it can, for some seconds, and says what each cost: on a
 * veth the sender's thread carries its packet through the receiver's firewall as well. Arguments:
 * source, target, port, seconds.
 */
final class Flood {
  private static final int BETWEEN_LOOKS = 64;

  private Flood() {}

  public static void main(String[] args) throws Exception {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.bind(new InetSocketAddress(InetAddress.getByName(args[0]), 0));
      InetSocketAddress target =
          new InetSocketAddress(InetAddress.getByName(args[1]), Integer.parseInt(args[2]));
      ByteBuffer packet = ByteBuffer.allocateDirect(64);
      long limit = TimeUnit.SECONDS.toNanos(Integer.parseInt(args[3]));
      send(channel, target, packet, limit / 2);
      System.out.printf("nanos %.0f%n", send(channel, target, packet, limit));
    }
  }

  private static double send(
      DatagramChannel channel, InetSocketAddress target, ByteBuffer packet, long nanos)
      throws java.io.IOException {
    long begin = System.nanoTime();
    long sent = 0;
    while (System.nanoTime() - begin < nanos) {
      for (int i = 0; i < BETWEEN_LOOKS; i++) {
        packet.clear();
        channel.send(packet, target);
      }
      sent += BETWEEN_LOOKS;
    }
    return (double) (System.nanoTime() - begin) / sent;
  }
}
