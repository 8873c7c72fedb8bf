package io.banstream.console;

import io.banstream.schemas.Address;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where HTTP listens.
 *
 * @param host a name or an address, IPv6 without its brackets
 * @param port 0 to 65535; 0: a free one
 */
public record Bind(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[(?<six>[0-9A-Fa-f:.]+)]|(?<name>[A-Za-z0-9._-]+)):(?<port>\\d{1,5})");

  /**
   * @param key names the setting in the message
   * @throws IllegalArgumentException if the text is no HOST:PORT; the message quotes it
   */
  public static Bind parse(String key, String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches() || Integer.parseInt(m.group("port")) > 65535) {
      throw new IllegalArgumentException(
          key + " = " + text + ", expected HOST:PORT, port 0 to 65535");
    }
    String host = m.group("six") != null ? m.group("six") : m.group("name");
    return new Bind(host, Integer.parseInt(m.group("port")));
  }

  boolean isLoopback() {
    return host.equals("localhost")
        || Address.tryParse(host).map(Address::isLoopback).orElse(false);
  }

  /** The host as it stands in a URL; where every address is listened on, loopback's. */
  String urlHost() {
    return switch (host) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::" -> "[::1]";
      default -> host.indexOf(':') < 0 ? host : "[" + host + "]";
    };
  }
}
