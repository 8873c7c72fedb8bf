package io.banstream.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image's files laid out as deploy/Dockerfile says, from what the build made, and the command
 * run there: as far as that goes without an engine.
 */
class ImageIT {
  private static final Path ROOT = Path.of(System.getProperty("banstream.root"));
  private static final String BUILD = "--from=build /banstream/";

  @TempDir Path image;

  @Test
  void whatTheImageCopiesIsWhatItRuns() throws Exception {
    List<String> dockerfile = Files.readAllLines(ROOT.resolve("deploy/Dockerfile"));
    List<String> copies =
        dockerfile.stream()
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
    assertThat(dockerfile).contains("ENTRYPOINT [\"banstream\"]");

    Path command = image.resolve("usr/bin/banstream");
    assertThat(command).isExecutable();
    String script = Files.readString(command);
    Files.writeString(command, script.replace("/usr/share/", image + "/usr/share/"));
    ProcessBuilder run = new ProcessBuilder(command.toString(), "--version");
    run.environment().put("PATH", System.getProperty("java.home") + "/bin:/usr/bin:/bin");
    Process process = run.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).startsWith("banstream ");
  }

  /** As far as the build needs it; a checkout's own rubbish stays out. */
  @Test
  void nothingThatTheBuildNeedsIsKeptOut() throws IOException {
    FileSystem files = FileSystems.getDefault();
    List<String> kept = Files.readAllLines(ROOT.resolve(".dockerignore"));
    for (String needed :
        List.of("pom.xml", ".mvn/jvm.config", "standalone/pom.xml", "deploy/image/banstream")) {
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
