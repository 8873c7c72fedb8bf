package io.banstream.enforcer;

/**
 * One try to get through, from an address of the attacker's.
 *
 * @param protocol {@code tcp}: a new connection; {@code held}: one that stays, opened by the first
 *     such knock; {@code udp}: a datagram; {@code icmp}: a ping
 * @param port 0 for {@code icmp}
 */
record Knock(String protocol, String from, String to, int port) {
  /** What comes of it. */
  enum Answer {
    /** What was sent came back. */
    ANSWERED,
    /** By a reset, or as a port that is unreachable. */
    REFUSED,
    /** As a host that is unreachable, or prohibited. */
    UNREACHABLE,
    SILENT
  }

  /**
   * @param text {@code udp 53}, {@code icmp}
   */
  static Knock parse(String text, String from, String to) {
    String[] words = text.trim().split(" ");
    return new Knock(words[0], from, to, words.length > 1 ? Integer.parseInt(words[1]) : 0);
  }

  /** One word, and back. */
  String word() {
    return String.join(",", protocol, from, to, Integer.toString(port));
  }

  static Knock ofWord(String word) {
    String[] parts = word.split(",");
    return new Knock(parts[0], parts[1], parts[2], Integer.parseInt(parts[3]));
  }
}
