package io.banstream.standalone.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the broker listens, and what it tells its clients to connect to.
 *
 * @param host an address of this machine, IPv6 without its brackets
 * @param port 0 to 65535; 0: a free one
 */
public record Listen(String host, int port) {
  /** A free port of loopback. */
  public static final Listen LOOPBACK = new Listen("127.0.0.1", 0);

  private static final Pattern FORM =
      Pattern.compile("(?:\\[(?<six>[0-9A-Fa-f:.]+)]|(?<name>[A-Za-z0-9._-]+)):(?<port>\\d{1,5})");

  public Listen {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("listen: port = " + port + ", expected 0 to 65535");
    }
    if (address(host).isAnyLocalAddress()) {
      throw new IllegalArgumentException(
          "listen = " + host + ", expected one address, which the agents connect to");
    }
  }

  /**
   * @throws IllegalArgumentException if the text is no HOST:PORT, or names no host
   */
  public static Listen parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException("listen = " + text + ", expected HOST:PORT");
    }
    String host = m.group("six") != null ? m.group("six") : m.group("name");
    return new Listen(host, Integer.parseInt(m.group("port")));
  }

  /**
   * This, with a port that is free now in place of 0.
   *
   * @throws IllegalArgumentException if the port is in use, or the address is not this machine's
   */
  public Listen bound() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address(host), port));
      return new Listen(host, socket.getLocalPort());
    } catch (java.net.BindException e) {
      throw new IllegalArgumentException("listen = " + this + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("listen = " + this, e);
    }
  }

  boolean isLoopback() {
    return address(host).isLoopbackAddress();
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("listen = " + host + ": no such host", e);
    }
  }

  /** HOST:PORT. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
