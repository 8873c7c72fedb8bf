package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What deploy/systemd and deploy/upstart say, held against the command line, the installed systemd
 * and what the upstart of CentOS 6 knows.
 */
class UnitsIT {
  private static final Path ROOT = Path.of(System.getProperty("banstream.root"));
  private static final String INSTALLED = "/opt/banstream/banstream";
  private static final Pattern EXEC =
      Pattern.compile("(?:ExecStart=|  exec )" + INSTALLED + " (.*)");

  /**
   * The stanzas of 0.6.5 that start, stop and limit; what has come since ends in an error there.
   */
  private static final Set<String> STANZAS =
      Set.of(
          "description",
          "start",
          "stop",
          "respawn",
          "kill",
          "umask",
          "limit",
          "script",
          "post-stop");

  @TempDir Path folder;

  static List<Path> units() throws IOException {
    return files("deploy/systemd");
  }

  static List<Path> jobs() throws IOException {
    return files("deploy/upstart");
  }

  static List<Path> all() throws IOException {
    return Stream.concat(units().stream(), jobs().stream()).toList();
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void theCommandIsUnderstood(Path unit) throws Exception {
    assertThat(Main.commandLine().parseArgs(command(unit)).subcommand()).isNotNull();
  }

  private static String[] command(Path unit) throws IOException {
    List<String> commands =
        Files.readAllLines(unit).stream()
            .map(EXEC::matcher)
            .filter(Matcher::matches)
            .map(line -> line.group(1))
            .toList();
    assertThat(commands).hasSize(1);
    return Arrays.stream(commands.get(0).split(" "))
        .filter(word -> !word.matches("[$].*OPTIONS.*"))
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aJobRunsWhatTheUnitOfItsNameDoes(Path job) throws Exception {
    String unit = job.getFileName().toString().replace(".conf", ".service");
    assertThat(command(job)).isEqualTo(command(ROOT.resolve("deploy/systemd").resolve(unit)));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void anOldUpstartKnowsEachStanza(Path job) throws Exception {
    String outside =
        Files.readString(job).replaceFirst("(?s)\nscript\n.*\nend script\n", "\nscript\n");
    assertThat(outside.lines().filter(line -> !line.isBlank() && !line.startsWith("#")))
        .allSatisfy(line -> assertThat(STANZAS).contains(line.split(" ")[0]));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aJobBecomesTheCommandAndTellsSyslog(Path job) throws Exception {
    assertBecomes(job, "# ours\nJAVA_HOME=/opt/java\nOPTIONS=\"--host relay1 --data /srv\"");
  }

  /** What systemd takes for the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "JAVA_HOME=/opt/java\r\nOPTIONS=\"--host relay1 --data /srv\"\r\n",
        "\n; OPTIONS = no\n  JAVA_HOME = /opt/java \nOPTIONS='--host relay1 --data /srv'\n",
        "odd\nJAVA_HOME=\"/opt/java\"\nOPTIONS=\t--host relay1 --data /srv\t\n=\n"
      })
  void aJobReadsSettingsAsSystemdDoes(String settings) throws Exception {
    assertBecomes(ROOT.resolve("deploy/upstart/banstream-enforce.conf"), settings);
  }

  /** By the shell of this machine, as upstart runs it; what it becomes is a shell's words here. */
  private void assertBecomes(Path job, String settings) throws Exception {
    Path fake = executable("banstream", "echo \"$$ $JAVA_HOME: $*\"; echo told >&2");
    Path told = folder.resolve("told");
    executable("logger", "exec cat >'" + told + "'");
    for (String role : List.of("up", "ingest", "enforce")) {
      Files.writeString(folder.resolve(role + ".env"), settings);
    }
    String common = Files.readString(ROOT.resolve("deploy/job.sh"));
    Files.writeString(folder.resolve("job.sh"), common.replace("/var/run/", folder + "/"));
    String script =
        Files.readString(job)
            .replaceFirst("(?s).*\nscript\n(.*)\nend script\n.*", "$1")
            .replace(INSTALLED, fake.toString())
            .replace("/opt/banstream/deploy/", folder + "/")
            .replace("/etc/banstream/", folder + "/");
    ProcessBuilder shell = new ProcessBuilder("sh", "-e", "-c", script);
    shell.environment().put("PATH", folder + ":/usr/bin:/bin");
    Process process = shell.redirectErrorStream(true).start();
    assertThat(process.getInputStream().readAllBytes()).isEmpty();
    assertThat(process.waitFor()).isZero();
    String words = String.join(" ", command(job)).replace("/etc/banstream/", folder + "/");
    String expected = process.pid() + " /opt/java: " + words + " --host relay1 --data /srv\ntold\n";
    await().untilAsserted(() -> assertThat(told).hasContent(expected));
  }

  private Path executable(String name, String line) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + line + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  @ParameterizedTest
  @MethodSource("units")
  void systemdHasNothingAgainstIt(Path unit) throws Exception {
    Netns.assumeTool("systemd-analyze");
    Path copy = folder.resolve(unit.getFileName());
    String here = ROOT.resolve("banstream").toAbsolutePath().toString();
    Files.writeString(copy, Files.readString(unit).replace(INSTALLED, here));
    Process process =
        new ProcessBuilder("systemd-analyze", "verify", "--man=no", copy.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }
}
