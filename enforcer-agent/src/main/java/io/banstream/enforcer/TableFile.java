package io.banstream.enforcer;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table on disk, which serves until the broker answers: lines of text, a version first, a
 * checksum last.
 */
final class TableFile {
  private static final Logger LOG = LoggerFactory.getLogger(TableFile.class);

  private static final String TITLE = "banstream enforcer table ";
  private static final String VERSION = "1";
  private static final String FOR_EVER = "-";

  private final Path file;

  TableFile(Path folder) {
    file = folder.resolve("table");
  }

  void write(Table table) throws IOException {
    OwnFile.write(file, text(table));
  }

  static String text(Table table) {
    StringBuilder text = new StringBuilder();
    line(text, TITLE + VERSION);
    line(text, "host " + table.host());
    table.positions().forEach((p, next) -> line(text, "position " + p + " " + next));
    table
        .jails()
        .forEach(
            (jail, closures) -> {
              if (!jail.equals(DecisionKey.MANUAL)) {
                line(text, "jail " + jail);
                closures.forEach(c -> line(text, "closure " + jail + " " + closure(c)));
              }
            });
    table
        .allows()
        .forEach(
            (target, a) ->
                line(text, "allow " + target + " " + millis(a.until()) + list(a.addresses())));
    table
        .peers()
        .forEach(
            (name, p) -> line(text, "peer " + name + " " + millis(p.seen()) + list(p.addresses())));
    table.bans().entrySet().stream()
        .map(e -> "ban " + e.getKey() + " " + millis(e.getValue()))
        .sorted()
        .forEach(l -> line(text, l));
    return text + "crc32c " + checksum(text.toString()) + "\n";
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }

  private static String closure(Closure c) {
    String ports = c.ports().stream().map(PortRange::toString).collect(Collectors.joining(","));
    return String.join(" ", c.protocol(), c.chain(), ports.isEmpty() ? "*" : ports, c.blocktype());
  }

  private static String millis(Instant until) {
    return until.equals(Change.FOR_EVER) ? FOR_EVER : Long.toString(until.toEpochMilli());
  }

  private static String list(List<Address> addresses) {
    return addresses.stream().map(a -> " " + a).collect(Collectors.joining());
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }

  /**
   * The table as it was written; an empty one where there is none, where it is damaged, or where it
   * is another host's: the topic then fills it.
   *
   * @throws EnforcerException if the file is of another version
   */
  Table read(String host) throws IOException {
    if (!Files.exists(file)) {
      return new Table(host);
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    String title = text.lines().findFirst().orElse("");
    if (title.startsWith(TITLE) && !title.equals(TITLE + VERSION)) {
      throw new EnforcerException(
          file + ": version = " + title.substring(TITLE.length()) + ", expected " + VERSION);
    }
    Optional<Table> table = parse(text, host);
    if (table.isEmpty()) {
      LOG.warn("{} is damaged or another host's: bans come once the broker answers", file);
    }
    return table.orElseGet(() -> new Table(host));
  }

  static Optional<Table> parse(String text, String host) {
    int last = text.lastIndexOf("crc32c ");
    if (last < 0
        || !text.substring(last).equals("crc32c " + checksum(text.substring(0, last)) + "\n")) {
      return Optional.empty();
    }
    Table table = new Table(host);
    for (String line : text.substring(0, last).lines().skip(1).toList()) {
      String[] words = line.split(" ", line.startsWith("closure ") ? 6 : -1);
      switch (words[0]) {
        case "host" -> {
          if (!words[1].equals(host)) {
            return Optional.empty();
          }
        }
        case "position" -> table.position(Integer.parseInt(words[1]), Long.parseLong(words[2]));
        case "jail" -> table.jail(words[1], List.of());
        case "closure" -> addClosure(table, words);
        case "allow" -> table.allow(words[1], new Table.Allowed(until(words[2]), addresses(words)));
        case "peer" -> table.peer(words[1], new Table.Peer(until(words[2]), addresses(words)));
        case "ban" ->
            table.ban(
                new DecisionKey(Address.parse(words[1]), words[2], words[3]), until(words[4]));
        default -> throw new IllegalStateException("version " + VERSION + " has no " + words[0]);
      }
    }
    return Optional.of(table);
  }

  private static void addClosure(Table table, String[] words) {
    List<PortRange> ports =
        words[4].equals("*")
            ? List.of()
            : Arrays.stream(words[4].split(",")).map(PortRange::parse).toList();
    List<Closure> closures = new java.util.ArrayList<>(table.jails().get(words[1]));
    closures.add(new Closure(ports, words[2], words[3], words[5], ""));
    table.jail(words[1], closures);
  }

  private static Instant until(String millis) {
    return millis.equals(FOR_EVER) ? Change.FOR_EVER : Instant.ofEpochMilli(Long.parseLong(millis));
  }

  private static List<Address> addresses(String[] words) {
    return Arrays.stream(words).skip(3).map(Address::parse).toList();
  }

  /** Makes a folder of the enforcer's own. */
  static void prepare(Path folder) throws IOException {
    Set<java.nio.file.attribute.PosixFilePermission> own =
        PosixFilePermissions.fromString("rwx------");
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(own));
    }
    Files.setPosixFilePermissions(folder, own);
  }
}
