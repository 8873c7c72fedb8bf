package io.banstream.standalone.fail2ban;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.banstream.standalone.Cli;
import io.banstream.standalone.fail2ban.Fail2banDump.Commanded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code jails check --format json} beside {@code fail2ban-client -d}: every jail's values are the
 * same. {@code -Dbanstream.configurations=300} sets how many random configurations are tried.
 */
class ConfigurationDifferentialTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Path DEBIAN =
      Path.of(System.getProperty("banstream.fail2ban", "/etc/fail2ban"));

  /** A seed whose jails have f0 among them: the faults are f0's. */
  private static final long F0_IS_ENABLED = 10;

  @TempDir Path temp;

  @BeforeAll
  static void fail2banIsThere() {
    assumeTrue(Fail2banDump.isInstalled(), "needs fail2ban-client");
  }

  @Test
  void randomConfigurationsMeanTheSame() throws Exception {
    int configurations = Integer.getInteger("banstream.configurations", 40);
    List<String> wrong = new ArrayList<>();
    Comparison comparison = new Comparison();
    int jails = 0;
    for (int seed = 0; seed < configurations; seed++) {
      Path config = Files.createDirectories(temp.resolve(Integer.toString(seed)).resolve("etc"));
      new ConfigurationGenerator(seed, config).write();
      Cli.Result result = check(config);
      Fail2banDump theirs = Fail2banDump.of(config);
      if (result.exit() > 1 || !theirs.refused().isEmpty()) {
        wrong.add("seed " + seed + ": " + result.err() + ", fail2ban: " + theirs.refused());
        continue;
      }
      jails += theirs.jails().size();
      for (String difference : compare(comparison, result, theirs)) {
        wrong.add("seed " + seed + difference);
      }
    }
    System.out.printf(
        "%d configurations, %d jails: %d values compared, %d differ, %d as master has them%n",
        configurations, jails, comparison.values(), wrong.size(), comparison.masters());
    assertThat(wrong).isEmpty();
    assertThat(jails).isGreaterThan(2 * configurations);
  }

  @ParameterizedTest
  @EnumSource
  void aFaultIsTakenByWhoIsSaidToTakeIt(Fault fault) throws Exception {
    Path config = Files.createDirectories(temp.resolve("etc"));
    new ConfigurationGenerator(F0_IS_ENABLED, config).write();
    Files.createDirectories(config.resolve("jail.d"));
    Files.writeString(config.resolve(fault.file), fault.text);
    Cli.Result result = check(config);
    Fail2banDump theirs = Fail2banDump.of(config);
    assertThat(result.exit()).isEqualTo(fault.taken.ours ? 1 : 2);
    if (fault.taken != Fault.Taken.BY_US_SILENTLY) {
      assertThat(result.out() + result.err()).contains(fault.file.toString());
    }
    assertThat(theirs.refused().isEmpty()).isEqualTo(fault.taken.theirs);
    if (fault.taken == Fault.Taken.BY_BOTH) {
      assertThat(compare(new Comparison(), result, theirs)).isEmpty();
    }
  }

  /**
   * Every jail that Debian ships, at once; {@code -Dbanstream.fail2ban=DIR} names another folder.
   */
  @Test
  void allOfDebiansJailsMeanTheSame() throws Exception {
    assumeTrue(Files.isRegularFile(DEBIAN.resolve("jail.conf")), "needs " + DEBIAN + "/jail.conf");
    Path config = temp.resolve("etc");
    copy(DEBIAN, config);
    Path log = Files.createFile(temp.resolve("log"));
    StringBuilder local = new StringBuilder("[DEFAULT]\nenabled = true\n");
    for (String line : Files.readAllLines(config.resolve("jail.conf"))) {
      if (line.startsWith("[") && !line.equals("[INCLUDES]") && !line.equals("[DEFAULT]")) {
        local.append(line).append("\nlogpath = ").append(log).append('\n');
      }
    }
    Files.writeString(config.resolve("jail.local"), local);
    Cli.Result result = check(config);
    Fail2banDump theirs = Fail2banDump.of(config);
    assertThat(result.exit()).as(result.err()).isLessThan(2);
    assertThat(theirs.refused()).isEmpty();
    Comparison comparison = new Comparison();
    assertThat(compare(comparison, result, theirs)).isEmpty();
    System.out.printf(
        "%d jails of Debian's: %d values compared%n", theirs.jails().size(), comparison.values());
    assertThat(theirs.jails()).hasSizeGreaterThan(80);
  }

  /** Every action file that Debian ships, each the banaction of a jail of its own. */
  @Test
  void allOfDebiansActionsMeanTheSame() throws Exception {
    assumeTrue(Files.isDirectory(DEBIAN.resolve("action.d")), "needs " + DEBIAN + "/action.d");
    Path config = temp.resolve("etc");
    copy(DEBIAN, config);
    Path log = Files.createFile(temp.resolve("log"));
    StringBuilder local = new StringBuilder("[DEFAULT]\nlogpath = " + log + "\n");
    try (Stream<Path> files = Files.list(config.resolve("action.d"))) {
      files
          .map(f -> f.getFileName().toString())
          .filter(name -> name.endsWith(".conf") && !name.endsWith("-common.conf"))
          .map(name -> name.substring(0, name.length() - ".conf".length()))
          .forEach(
              name ->
                  local.append(
                      "[by-%s]\nenabled = true\nfilter = sshd\nbanaction = %s\n"
                          .formatted(name, name)));
    }
    Files.writeString(config.resolve("jail.local"), local);
    Cli.Result result = check(config);
    Fail2banDump theirs = Fail2banDump.of(config);
    assertThat(result.exit()).as(result.err()).isLessThan(2);
    assertThat(theirs.refused()).isEmpty();
    assertThat(compare(new Comparison(), result, theirs)).isEmpty();
    assertThat(theirs.jails()).hasSizeGreaterThan(40);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static Cli.Result check(Path config) {
    return Cli.run("jails", "check", config.toString(), "--format", "json");
  }

  /** The differences. */
  private static List<String> compare(Comparison comparison, Cli.Result result, Fail2banDump theirs)
      throws Exception {
    List<String> differences = new ArrayList<>();
    Map<String, JsonNode> ours = new LinkedHashMap<>();
    JSON.readTree(result.out()).path("jails").forEach(j -> ours.put(j.path("jail").asText(), j));
    if (!ours.keySet().equals(theirs.jails().keySet())) {
      differences.add(": jails " + ours.keySet() + ", fail2ban: " + theirs.jails().keySet());
      return differences;
    }
    for (Map.Entry<String, Commanded> jail : theirs.jails().entrySet()) {
      comparison.jail(ours.get(jail.getKey()), jail.getValue(), differences);
    }
    return differences;
  }
}
