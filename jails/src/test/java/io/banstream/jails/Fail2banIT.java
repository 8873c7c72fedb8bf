package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.banstream.schemas.Address;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The installed fail2ban beside ours, its filters read by both: on its own samples, on others', and
 * on both mutated, the same failures are found. More lines a filter: {@code
 * -Dbanstream.lines=170000}. What differs, and why:
 *
 * <ul>
 *   <li>Times are compared in whole seconds: fail2ban drops the fraction, save of an epoch.
 *   <li>Lines whose date fail2ban gets wrong by what it remembers of other lines are left out: it
 *       stays with a form that fits but names no time ({@code Tue} as a zone), or misses a date for
 *       the place where the last one stood, and then loses or misdates lines. We pass a form over
 *       that names no time, and take a line's own beginning first. Where it takes a word for a zone
 *       that it does not know ({@code SMTP}) it fails, and the line is lost. Such a line may also
 *       end what fail2ban knows of a connection, so of filters that follow connections a few lines
 *       of a thousand differ after it: of long runs at most one in fifty.
 *   <li>A line without a date is of the last one's: of a line of the last KiB, to us.
 *   <li>A connection is forgotten after five minutes, here by the log's clock, there by the wall's;
 *       we know a thousand of them, fail2ban a hundred. Its own are set to ours for this.
 * </ul>
 */
class Fail2banIT {
  private static final Path CONFIG = Path.of("/etc/fail2ban");
  private static final Path SAMPLES =
      Path.of("/usr/lib/python3/dist-packages/fail2ban/tests/files/logs");
  private static final Instant NOW = Instant.ofEpochSecond(1124013600); // the samples' own
  private static final String ZONE = "Europe/Zurich";
  private static final int LINES = Integer.getInteger("banstream.lines", 1_000);
  private static final long SEED = Long.getLong("banstream.seed", 1);

  /** Filters that follow connections. */
  private static final Pattern CONNECTED = Pattern.compile("sshd|dropbear|sendmail");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Numbers of the lines whose date fail2ban gets wrong by its memory. */
  private final Set<Long> misled = new HashSet<>();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sshd[mode=aggressive]",
        "sshd",
        "dropbear",
        "postfix[mode=aggressive]",
        "postfix[mode=auth]",
        "dovecot[mode=aggressive]",
        "dovecot",
        "courier-auth",
        "courier-smtp",
        "cyrus-imap",
        "exim[mode=aggressive]",
        "exim-spam",
        "sendmail-auth",
        "sendmail-reject",
        "sieve",
        "squirrelmail",
        "roundcube-auth",
        "apache-auth",
        "apache-badbots",
        "apache-botsearch",
        "apache-noscript",
        "apache-overflows",
        "nginx-http-auth",
        "nginx-botsearch",
        "nginx-limit-req",
        "php-url-fopen",
        "vsftpd",
        "proftpd",
        "pure-ftpd",
        "mysqld-auth",
        "named-refused",
        "asterisk",
        "pam-generic",
        "recidive",
        "selinux-ssh",
        "webmin-auth"
      })
  void findsWhatFail2banFinds(String filter) throws Exception {
    assumeTrue(Files.isDirectory(SAMPLES), "needs Debian's fail2ban with its samples");
    List<byte[]> lines = lines(filter.replaceAll("\\[.*", ""));
    Path log = write(filter, lines);
    List<String> theirs = fail2ban(filter, log);
    List<String> ours = ours(filter, Files.readAllBytes(log));
    List<String> differences = differences(ours, theirs, lines);
    Path report = Path.of("target", "fail2ban", filter + ".txt");
    Files.write(report, differences);
    int afterMisled = CONNECTED.matcher(filter).lookingAt() ? LINES / 50 : LINES / 10_000;
    assertThat(differences.stream().map(Fail2banIT::number).distinct())
        .as("lines that differ, see " + report)
        .hasSizeLessThanOrEqualTo(afterMisled);
    assertThat(theirs).as("failures at all").hasSizeGreaterThan(LINES / 100);
    assertThat(misled).as("lines left out").hasSizeLessThan(LINES / 5);
  }

  /** The line's, of a difference: {@code +12 192.0.2.1 ...}. */
  private static String number(String difference) {
    return difference.substring(1, difference.indexOf(' '));
  }

  private static List<byte[]> lines(String filter) throws IOException {
    List<byte[]> others = new ArrayList<>();
    try (Stream<Path> logs = Files.list(SAMPLES)) {
      for (Path log : logs.filter(Files::isRegularFile).sorted().toList()) {
        others.addAll(samples(log));
      }
    }
    return new MutatedLines(samples(SAMPLES.resolve(filter)), others, SEED).take(LINES);
  }

  private static List<byte[]> samples(Path log) throws IOException {
    return Stream.of(Files.readString(log, StandardCharsets.ISO_8859_1).split("\n"))
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .map(line -> line.getBytes(StandardCharsets.ISO_8859_1))
        .toList();
  }

  private static Path write(String filter, List<byte[]> lines) throws IOException {
    Path log = Files.createDirectories(Path.of("target", "fail2ban")).resolve(filter + ".log");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(log))) {
      for (byte[] line : lines) {
        out.write(line);
        out.write('\n');
      }
    }
    return log;
  }

  private List<String> fail2ban(String filter, Path log) throws Exception {
    Path script = folder.resolve("oracle.py");
    try (var in = Fail2banIT.class.getResourceAsStream("fail2ban-oracle.py")) {
      Files.copy(in, script);
    }
    String now = Long.toString(NOW.getEpochSecond());
    Process oracle =
        new ProcessBuilder("python3", script.toString(), CONFIG.toString(), filter, now, ZONE)
            .redirectInput(log.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    List<String> found = new ArrayList<>();
    try (BufferedReader out = oracle.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        JsonNode failure = JSON.readTree(line);
        if (failure.size() == 1) {
          misled.add(failure.get(0).asLong());
          continue;
        }
        found.add(
            text(
                failure.get(0).asInt(),
                failure.get(1).asText(),
                (long) failure.get(2).asDouble(),
                failure.get(3).asText("")));
      }
    }
    assertThat(oracle.waitFor()).as(Files.readString(folder.resolve("errors"))).isZero();
    return found;
  }

  private static List<String> ours(String filter, byte[] log) throws Exception {
    MatchSettings settings = new MatchSettings(ZoneId.of(ZONE), "UTF-8");
    FilterSet matcher =
        new FilterSet(List.of(LineMatcher.compile(Configuration.filter(CONFIG, filter), settings)));
    List<String> found = new ArrayList<>();
    matcher.scan(
        log,
        0,
        log.length,
        line -> {
          for (Match m : line.match(0, NOW)) {
            String user = m.user().orElse("");
            found.add(text(line.number(), m.host(), m.time().getEpochSecond(), user));
          }
        });
    return found;
  }

  private static String text(long line, String id, long epoch, String user) {
    String address = Address.tryParse(id).map(Address::toString).orElse(id);
    return line + " " + address.toLowerCase(Locale.ROOT) + " " + epoch + " " + user;
  }

  private List<String> differences(List<String> ours, List<String> theirs, List<byte[]> lines) {
    TreeMap<String, Integer> counts = new TreeMap<>();
    ours.forEach(f -> counts.merge(f, 1, Integer::sum));
    theirs.forEach(f -> counts.merge(f, -1, Integer::sum));
    List<String> differences = new ArrayList<>();
    counts.forEach(
        (failure, count) -> {
          int line = Integer.parseInt(failure.substring(0, failure.indexOf(' ')));
          if (count != 0 && !misled.contains((long) line)) {
            String text = new String(lines.get(line - 1), StandardCharsets.UTF_8);
            text = text.replaceAll("\\p{Cntrl}", "?");
            differences.add((count > 0 ? "+" : "-") + failure + " | " + text);
          }
        });
    return differences;
  }
}
