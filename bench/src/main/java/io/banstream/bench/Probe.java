package io.banstream.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * Both ends of a stream of packets. {@code send TARGET}: for each address on standard input, sends
 * from it until the next comes. {@code receive ADDRESS}: for each address on standard input, says
 * {@code seen} at its first packet and {@code last NANOS} ({@link System#nanoTime}, which all
 * processes of a Linux host share) once none came for a while.
 */
final class Probe {
  static final int PORT = 25_000;
  private static final long GAP_NANOS = 100_000;
  private static final int SILENCE_MS = 200;

  private Probe() {}

  public static void main(String[] args) throws Exception {
    InetAddress address = InetAddress.getByName(args[1]);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (args[0].equals("send")) {
      send(in, address);
    } else {
      receive(in, address);
    }
  }

  private static void send(BufferedReader in, InetAddress target) throws IOException {
    String source = in.readLine();
    while (source != null) {
      try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(source, 0))) {
        DatagramPacket packet = new DatagramPacket(new byte[8], 8, target, PORT);
        while (!in.ready()) {
          socket.send(packet);
          LockSupport.parkNanos(GAP_NANOS);
        }
      }
      source = in.readLine();
    }
  }

  private static void receive(BufferedReader in, InetAddress bind) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(bind, PORT))) {
      DatagramPacket packet = new DatagramPacket(new byte[64], 64);
      System.out.println("listening");
      for (String source = in.readLine(); source != null; source = in.readLine()) {
        InetAddress wanted = InetAddress.getByName(source);
        long last = 0;
        socket.setSoTimeout(0);
        while (true) {
          try {
            socket.receive(packet);
          } catch (java.net.SocketTimeoutException e) {
            break;
          }
          if (packet.getAddress().equals(wanted)) {
            if (last == 0) {
              System.out.println("seen");
              socket.setSoTimeout(SILENCE_MS);
            }
            last = System.nanoTime();
          }
        }
        System.out.println("last " + last);
      }
    }
  }
}
