package io.banstream.jails;

import io.banstream.jails.Notice.Severity;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads {@code ignoreip} and what is written alike: addresses, networks, host names, and {@code
 * file:PATH} with more of them.
 *
 * <p>A policy travels as networks, so that every task of the processor rules by the same: names and
 * files are read now, once, and what they came to is told.
 */
final class IgnoreReader {
  private static final String FILE = "file:";
  private static final String AGAIN = "; it is asked once, at each push and start";

  /** Whose value is read, and where that is written. */
  private record Value(String key, String where) {
    Value at(String place) {
      return new Value(key, place);
    }
  }

  private final HostNames names;
  private final List<Notice> notices;
  private final Map<String, List<Address>> resolved = new HashMap<>();

  /**
   * @param notices what is to be told is added here
   */
  IgnoreReader(HostNames names, List<Notice> notices) {
    this.names = names;
    this.notices = notices;
  }

  /**
   * @param key whose value it is
   * @throws ConfigurationException if something looks like an address or network, and is none
   */
  List<Address> read(JailValues jail, String key) throws ConfigurationException {
    List<Address> read = new ArrayList<>();
    Value value = new Value(key, jail.where(key));
    for (String line : jail.text(key, "").split("\n")) {
      add(read, value, line);
    }
    return read.stream().distinct().toList();
  }

  private void add(List<Address> read, Value value, String line) throws ConfigurationException {
    for (String word : words(line)) {
      if (word.startsWith("#")) {
        tell(
            Severity.WARNING,
            value,
            "from " + word + " the line is left out; within a line only ; begins a comment");
        return;
      }
      if (word.startsWith(FILE)) {
        addFile(read, value, word.substring(FILE.length()));
      } else {
        addWord(read, value, word);
      }
    }
  }

  private void addFile(List<Address> read, Value value, String name) throws ConfigurationException {
    String path = name.replaceFirst("^//", "");
    String text;
    try {
      text = Files.readString(Path.of(path));
    } catch (IOException e) {
      tell(Severity.WARNING, value, FILE + path + " can't be read, so nothing of it is taken");
      return;
    }
    int before = read.size();
    String[] lines = text.split("\n");
    for (int i = 0; i < lines.length; i++) {
      for (String word : words(lines[i].replaceFirst("(^|\\s)[#;].*", ""))) {
        addWord(read, value.at(path + ":" + (i + 1)), word);
      }
    }
    int entries = read.size() - before;
    tell(Severity.NOTE, value, FILE + path + " has " + entries + " entries now" + AGAIN);
  }

  private void addWord(List<Address> read, Value value, String word) throws ConfigurationException {
    Optional<Address> address = Address.tryParse(withPrefix(word));
    if (address.isPresent()) {
      read.add(address.get());
    } else if (word.matches("[\\d.:/]+|[\\da-fA-F:./]*[:/][\\da-fA-F:./]*")) {
      throw new ConfigurationException(
          value.where,
          value.key + " = " + Printable.of(word) + ", expected addresses, networks and names");
    } else if (word.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
      read.addAll(resolve(value, word));
    } else {
      tell(
          Severity.WARNING,
          value,
          Printable.of(word) + " is no address, network or name, and is left out");
    }
  }

  private List<Address> resolve(Value value, String name) {
    List<Address> addresses = resolved.computeIfAbsent(name, names::addresses);
    if (addresses.isEmpty()) {
      tell(Severity.WARNING, value, name + " has no address now, so nothing is taken for it");
    } else {
      String list = addresses.stream().map(Address::toString).collect(Collectors.joining(", "));
      tell(Severity.NOTE, value, name + " is " + list + " now" + AGAIN);
    }
    return addresses;
  }

  private void tell(Severity severity, Value value, String text) {
    Notice notice = new Notice(severity, value.where, value.key + ": " + text);
    if (!notices.contains(notice)) {
      notices.add(notice);
    }
  }

  private static List<String> words(String line) {
    return List.of(line.split("[\\s,]+")).stream().filter(w -> !w.isEmpty()).toList();
  }

  /** A network with a mask, 192.0.2.0/255.255.255.0, as one with a prefix. */
  private static String withPrefix(String item) {
    int slash = item.indexOf('/');
    Optional<Address> mask =
        slash < 0 || item.indexOf('.', slash) < 0
            ? Optional.empty()
            : Address.tryParse(item.substring(slash + 1));
    if (mask.isEmpty()) {
      return item;
    }
    long bits = 0;
    for (String octet : mask.get().toString().split("\\.")) {
      bits = bits << 8 | Integer.parseInt(octet);
    }
    int prefix = Long.bitCount(bits);
    boolean solid = bits == (0xFFFF_FFFFL << 32 - prefix & 0xFFFF_FFFFL);
    return solid ? item.substring(0, slash + 1) + prefix : item;
  }
}
