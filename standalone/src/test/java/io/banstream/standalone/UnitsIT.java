package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What deploy/systemd says, held against the command line and the installed systemd. */
class UnitsIT {
  private static final Path ROOT = Path.of(System.getProperty("banstream.root"));
  private static final String INSTALLED = "/opt/banstream/banstream";
  private static final String EXEC = "ExecStart=" + INSTALLED + " ";

  @TempDir Path folder;

  static List<Path> units() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("deploy/systemd"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("units")
  void theCommandIsUnderstood(Path unit) throws Exception {
    List<String> commands =
        Files.readAllLines(unit).stream()
            .filter(line -> line.startsWith("Exec"))
            .map(line -> line.substring(EXEC.length()))
            .toList();
    assertThat(commands).hasSize(1);
    String[] words =
        Arrays.stream(commands.get(0).split(" "))
            .filter(word -> !word.equals("$OPTIONS"))
            .toArray(String[]::new);
    assertThat(Main.commandLine().parseArgs(words).subcommand()).isNotNull();
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
