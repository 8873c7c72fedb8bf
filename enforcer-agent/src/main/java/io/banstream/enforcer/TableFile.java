package io.banstream.enforcer;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.OwnerOnly;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Checksum;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table on disk, which serves until the broker answers: lines of text, a version first, a
 * checksum last.
 */
final class TableFile {
  private static final Logger LOG = LoggerFactory.getLogger(TableFile.class);

  private static final String TITLE = "banstream enforcer table ";
  private static final String VERSION = "2";

  /** The same but for {@code cut}. */
  private static final String WITHOUT_CUT = "1";

  private static final String FOR_EVER = "-";
  private static final int CHUNK = 1 << 16;

  private final Path file;

  TableFile(Path folder) {
    file = folder.resolve("table");
  }

  void write(Table table) throws IOException {
    OwnerOnly.write(file, out -> write(table, out));
  }

  static void write(Table table, OutputStream stream) throws IOException {
    CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32C());
    Writer out = new BufferedWriter(new OutputStreamWriter(checked, StandardCharsets.UTF_8));
    for (String line : head(table)) {
      line(out, line);
    }
    for (String reach : List.of(DecisionKey.FLEET, table.host())) {
      for (Map.Entry<Entry, Instant> ban : table.bans(reach).entrySet()) {
        Entry entry = ban.getKey();
        DecisionKey key = new DecisionKey(entry.address(), entry.jail(), reach);
        line(out, "ban " + key + " " + millis(ban.getValue()));
      }
    }
    out.flush();
    stream.write(checksum(checked.getChecksum()));
  }

  /** All but the bans. */
  private static List<String> head(Table table) {
    List<String> lines = new ArrayList<>();
    lines.add(TITLE + VERSION);
    lines.add("host " + table.host());
    table.positions().forEach((p, next) -> lines.add("position " + p + " " + next));
    table
        .jails()
        .forEach(
            (jail, closures) -> {
              if (!jail.equals(DecisionKey.MANUAL)) {
                lines.add("jail " + jail);
                closures.forEach(c -> lines.add("closure " + jail + " " + closure(c)));
              }
            });
    table.cutting().stream().sorted().forEach(jail -> lines.add("cut " + jail));
    table
        .allows()
        .forEach(
            (target, a) ->
                lines.add("allow " + target + " " + millis(a.until()) + list(a.addresses())));
    table
        .peers()
        .forEach(
            (name, p) -> lines.add("peer " + name + " " + millis(p.seen()) + list(p.addresses())));
    return lines;
  }

  private static void line(Writer out, String line) throws IOException {
    out.write(line);
    out.write('\n');
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

  /** The last line. */
  private static byte[] checksum(Checksum crc) {
    return String.format("crc32c %08x\n", crc.getValue()).getBytes(StandardCharsets.UTF_8);
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
    String title;
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      title = Optional.ofNullable(in.readLine()).orElse("");
    }
    if (title.startsWith(TITLE) && !List.of(TITLE + VERSION, TITLE + WITHOUT_CUT).contains(title)) {
      throw new EnforcerException(
          file
              + ": version = "
              + title.substring(TITLE.length())
              + ", expected at most "
              + VERSION);
    }
    Optional<Table> table = isWhole() ? parse(host) : Optional.empty();
    if (table.isEmpty()) {
      LOG.warn("{} is damaged or another host's: bans come once the broker answers", file);
    }
    return table.orElseGet(() -> new Table(host));
  }

  private boolean isWhole() throws IOException {
    CRC32C crc = new CRC32C();
    long length = Files.size(file) - checksum(crc).length;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      byte[] chunk = new byte[CHUNK];
      for (long left = length; left > 0; ) {
        int read = in.readNBytes(chunk, 0, (int) Math.min(CHUNK, left));
        if (read == 0) {
          return false;
        }
        crc.update(chunk, 0, read);
        left -= read;
      }
      return length > 0 && Arrays.equals(in.readAllBytes(), checksum(crc));
    }
  }

  private Optional<Table> parse(String host) throws IOException {
    Table table = new Table(host);
    try (BufferedReader in = Files.newBufferedReader(file)) {
      in.readLine(); // the title
      for (String line = in.readLine(); line != null; line = in.readLine()) {
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
          case "cut" -> table.cut(words[1], true);
          case "allow" ->
              table.allow(words[1], new Table.Allowed(until(words[2]), addresses(words)));
          case "peer" -> table.peer(words[1], new Table.Peer(until(words[2]), addresses(words)));
          case "ban" ->
              table.ban(
                  new DecisionKey(Address.parse(words[1]), words[2], words[3]), until(words[4]));
          case "crc32c" -> {} // the last line
          default -> throw new IllegalStateException("version " + VERSION + " has no " + words[0]);
        }
      }
    }
    return Optional.of(table);
  }

  private static void addClosure(Table table, String[] words) {
    List<PortRange> ports =
        words[4].equals("*")
            ? List.of()
            : Arrays.stream(words[4].split(",")).map(PortRange::parse).toList();
    List<Closure> closures = new ArrayList<>(table.jails().get(words[1]));
    closures.add(new Closure(ports, words[2], words[3], words[5], ""));
    table.jail(words[1], closures);
  }

  private static Instant until(String millis) {
    return millis.equals(FOR_EVER) ? Change.FOR_EVER : Instant.ofEpochMilli(Long.parseLong(millis));
  }

  private static List<Address> addresses(String[] words) {
    return Arrays.stream(words).skip(3).map(Address::parse).toList();
  }
}
