package io.banstream.ingest;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an agent takes syslog messages.
 *
 * @param kind of the socket
 * @param host a name or address of this machine, IPv6 without its brackets; empty for {@code UNIX}
 * @param port 1 to 65535; 0 for {@code UNIX}
 * @param path of the socket; empty but for {@code UNIX}
 */
public record SyslogAddress(Kind kind, String host, int port, String path) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?<kind>udp|tcp):(?:\\[(?<six>[0-9A-Fa-f:.]+)]|(?<name>[A-Za-z0-9._-]+)):(?<port>\\d{1,5})"
              + "|unix:(?<path>/.+)");

  /** Linux' sockaddr_un takes no longer one. */
  private static final int LONGEST_PATH = 107;

  /** What a message travels by. */
  public enum Kind {
    UDP,
    TCP,
    UNIX
  }

  public SyslogAddress {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(host);
    Objects.requireNonNull(path);
    boolean unix = kind == Kind.UNIX;
    if (!unix && (port < 1 || port > 65535)) {
      throw new IllegalArgumentException("syslog: port = " + port + ", expected 1 to 65535");
    }
    if (unix && path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      throw new IllegalArgumentException(
          "syslog: path = " + path + ", expected " + LONGEST_PATH + " bytes at most");
    }
  }

  /**
   * @throws IllegalArgumentException in one line, if the text is none
   */
  public static SyslogAddress parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "syslog = " + text + ", expected udp:HOST:PORT, tcp:HOST:PORT or unix:/PATH");
    }
    if (m.group("path") != null) {
      return new SyslogAddress(Kind.UNIX, "", 0, m.group("path"));
    }
    return new SyslogAddress(
        m.group("kind").equals("udp") ? Kind.UDP : Kind.TCP,
        m.group("six") != null ? m.group("six") : m.group("name"),
        Integer.parseInt(m.group("port")),
        "");
  }

  /**
   * @throws IllegalArgumentException in one line, if there is no such host
   */
  InetSocketAddress inet() {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("syslog = " + this + ": no such host", e);
    }
  }

  Path unix() {
    return Path.of(path);
  }

  @Override
  public String toString() {
    String at = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return switch (kind) {
      case UDP -> "udp:" + at + ":" + port;
      case TCP -> "tcp:" + at + ":" + port;
      case UNIX -> "unix:" + path;
    };
  }
}
