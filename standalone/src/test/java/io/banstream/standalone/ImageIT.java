package io.banstream.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The image's files laid out as deploy/Dockerfile says, from what the build made, and the command
 * run there: as far as that goes without an engine.
 */
class ImageIT {
  private static final Path ROOT = Path.of(System.getProperty("banstream.root"));
  private static final String BUILD = "--from=build /banstream/";

  @TempDir Path image;
  private Path command;

  @BeforeEach
  void layOut() throws Exception {
    List<String> copies =
        dockerfile().stream()
            .dropWhile(line -> !line.startsWith("COPY " + BUILD))
            .filter(line -> line.startsWith("COPY "))
            .map(line -> line.substring("COPY ".length()))
            .toList();
    for (String copy : copies) {
      String[] words = copy.replace(BUILD, "").split(" ", -1);
      Path from = ROOT.resolve(words[0]);
      Path to = image.resolve(words[1].substring(1));
      copy(from, words[1].endsWith("/") ? to.resolve(from.getFileName()) : to);
    }
    command = image.resolve("usr/bin/banstream");
    String script = Files.readString(command);
    Files.writeString(command, script.replace("/usr/share/", image + "/usr/share/"));
  }

  private static List<String> dockerfile() throws IOException {
    return Files.readAllLines(ROOT.resolve("deploy/Dockerfile"));
  }

  @Test
  void whatTheImageCopiesIsWhatItRuns() throws Exception {
    assertThat(dockerfile()).contains("ENTRYPOINT [\"banstream\"]");
    assertThat(command).isExecutable();
    assertThat(run("--version")).startsWith("banstream ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingest", "enforce"})
  void anAgentIsCalledAsFromACheckout(String agent) throws Exception {
    assertThat(run(agent, "--help")).startsWith("Usage: banstream " + agent);
    Path java = image.resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$MALLOC_ARENA_MAX\" \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    List<String> words = run(agent).lines().toList();
    String path = words.get(words.indexOf("-cp") + 1);
    assertThat(path.split(":"))
        .allSatisfy(archive -> assertThat(Path.of(archive)).exists())
        .noneMatch(archive -> archive.matches(".*(angus|javalin|kafka-streams|kafka_2).*"));
    assertThat(words).contains("1", "-Xms6m", "io.banstream.standalone.Main");
  }

  /** What it prints, with the image's own {@code java} if there is one. */
  private String run(String... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of(command.toString()));
    words.addAll(List.of(arguments));
    ProcessBuilder run = new ProcessBuilder(words);
    String path = image + ":" + System.getProperty("java.home") + "/bin:/usr/bin:/bin";
    run.environment().put("PATH", path);
    Process process = run.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  /** As far as the build needs it; a checkout's own rubbish stays out. */
  @Test
  void nothingThatTheBuildNeedsIsKeptOut() throws IOException {
    FileSystem files = FileSystems.getDefault();
    List<String> kept = Files.readAllLines(ROOT.resolve(".dockerignore"));
    for (String needed :
        List.of(
            "pom.xml",
            ".mvn/jvm.config",
            "standalone/pom.xml",
            "deploy/image/banstream",
            "deploy/agent.sh")) {
      assertThat(ROOT.resolve(needed)).exists();
      assertThat(kept)
          .noneMatch(glob -> files.getPathMatcher("glob:" + glob).matches(Path.of(needed)));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = from.equals(path) ? to : to.resolve(from.relativize(path).toString());
        Files.createDirectories(target.getParent());
        Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
