package io.banstream.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command by the launcher, in a folder that has what was built and no sources. */
class LauncherIT {
  private static final Path ROOT = Path.of(System.getProperty("banstream.root"));
  private static final Pattern LIST = Pattern.compile("classes-(ingest-agent-\\d+)-\\d+\\.list");

  @TempDir Path root;
  private Path target;

  @BeforeEach
  void build() throws IOException {
    target = Files.createDirectories(root.resolve("standalone/target"));
    Files.copy(
        ROOT.resolve("banstream"), root.resolve("banstream"), StandardCopyOption.COPY_ATTRIBUTES);
    Path how = Files.createDirectories(root.resolve("deploy")).resolve("agent.sh");
    Files.copy(ROOT.resolve("deploy/agent.sh"), how);
    for (String jar : List.of("banstream.jar", "banstream-agent.jar")) {
      Files.copy(ROOT.resolve("standalone/target").resolve(jar), target.resolve(jar));
    }
    Files.createSymbolicLink(target.resolve("lib"), ROOT.resolve("standalone/target/lib"));
    for (String agent : List.of("ingest-agent", "enforcer-agent")) {
      Path built = Files.createDirectories(root.resolve(agent).resolve("target"));
      Files.copy(ROOT.resolve(agent).resolve("target/classpath"), built.resolve("classpath"));
    }
    Files.createFile(target.resolve("built"));
  }

  /** Else the temporary folder's end complains of where it leads. */
  @AfterEach
  void unlink() throws IOException {
    Files.delete(target.resolve("lib"));
  }

  @Test
  void anAgentSharesTheClassesOfAFormerRun() throws Exception {
    assertStarts();
    String list = only(LIST);
    assertStarts();
    assertThat(names()).as("a run that never reached a broker").noneMatch(n -> n.endsWith(".jsa"));

    Files.writeString(
        target.resolve(list),
        "org/apache/kafka/common/requests/ProduceResponse\n",
        StandardOpenOption.APPEND);
    assertStarts();
    assertThat(names()).contains(archive(list)).noneMatch(n -> n.endsWith(".list"));
    assertStarts();
  }

  @Test
  void anArchiveThatIsNoneKeepsNoAgentFromStarting() throws Exception {
    assertStarts();
    Files.writeString(target.resolve(archive(only(LIST))), "not an archive");
    assertStarts();
  }

  @Test
  void aClassListThatIsNoneKeepsNoAgentFromStarting() throws Exception {
    assertStarts();
    Files.writeString(
        target.resolve(only(LIST)),
        "org/apache/kafka/common/requests/ProduceResponse\n@nonsense \u0000 1 2 3\n");
    assertStarts();
  }

  /** Whatever is run, an embedded broker and a processor are in it. */
  @ParameterizedTest
  @ValueSource(strings = {"demo", "shadow"})
  void whatRunsAWholeFleetHasTheHeapOfUp(String command) throws Exception {
    assertThat(heap(command)).isEqualTo(heap("up")).isNotEqualTo(heap("status"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingest-agent", "enforcer-agent"})
  void anAgentHasNoArchiveOfTheConsoles(String agent) throws Exception {
    assertThat(Files.readString(root.resolve(agent).resolve("target/classpath")).split(":"))
        .contains("lib/schemas-0.1.0-SNAPSHOT.jar")
        .noneMatch(a -> a.matches("lib/(angus|jakarta|smtp|javalin|jetty|micrometer).*"));
  }

  private String heap(String command) throws Exception {
    ProcessBuilder run = new ProcessBuilder(root.resolve("banstream").toString(), command);
    run.environment().put("JAVA_HOME", System.getProperty("java.home"));
    run.environment().put("BANSTREAM_JAVA_OPTS", "-XX:+PrintFlagsFinal -version");
    Process process = run.redirectErrorStream(true).start();
    String flags = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(flags).isZero();
    return flags.lines().filter(l -> l.contains(" MaxHeapSize ")).findFirst().orElseThrow();
  }

  /** With its own classes, up to the first thing that it can't do here. */
  private void assertStarts() throws Exception {
    Path out = root.resolve("out");
    ProcessBuilder run =
        new ProcessBuilder(
            root.resolve("banstream").toString(), "ingest", "--bootstrap", "nowhere");
    run.environment().put("JAVA_HOME", System.getProperty("java.home"));
    run.redirectOutput(out.toFile());
    Process process = run.start();
    String told = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(told).isEqualTo(2);
    assertThat(told)
        .endsWith("banstream ingest: bootstrap.servers = nowhere, expected HOST:PORT,...\n");
    assertThat(out).isEmptyFile();
  }

  private static String archive(String list) {
    return LIST.matcher(list).replaceFirst("cds-$1.jsa");
  }

  private String only(Pattern name) throws IOException {
    List<String> found = names().stream().filter(name.asMatchPredicate()).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }
}
