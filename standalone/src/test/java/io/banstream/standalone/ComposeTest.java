package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.jails.Configuration;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine.ParseResult;

/**
 * What docker-compose.yml says, held against the command line and the project, without an engine.
 */
class ComposeTest {
  private static final Path ROOT = Path.of(System.getProperty("banstream.root"));
  private static Map<String, Object> compose;
  private static Map<String, Map<String, Object>> services;

  @BeforeAll
  static void read() throws IOException {
    try (Reader in = Files.newBufferedReader(ROOT.resolve("docker-compose.yml"))) {
      compose = new Yaml().load(in);
    }
    services = map(compose.get("services"));
  }

  static Stream<String> ours() {
    return services.entrySet().stream()
        .filter(s -> s.getValue().get("image").equals("banstream:local"))
        .map(Map.Entry::getKey);
  }

  @Test
  void everyRoleIsThere() {
    assertThat(ours().map(ComposeTest::command).map(c -> c.get(0)))
        .containsExactlyInAnyOrder(
            "process", "console", "jails", "ingest", "enforce", "ingest", "enforce");
  }

  @ParameterizedTest
  @MethodSource("ours")
  void theCommandIsUnderstood(String service) {
    assertThat(parsed(service).subcommand()).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("ours")
  void whatIsNamedOnTheCommandLineIsThere(String service) {
    Optional<String> broker = option(service, "--bootstrap");
    broker.ifPresent(
        address ->
            assertThat(environment("broker"))
                .containsEntry("KAFKA_ADVERTISED_LISTENERS", "BROKER://" + address));
    Optional<String> registry = option(service, "--registry");
    registry.ifPresent(
        url ->
            assertThat(url)
                .isEqualTo(
                    "http://registry:%s/apis/ccompat/v7"
                        .formatted(environment("registry").get("QUARKUS_HTTP_PORT"))));
    assertThat(registry.isPresent())
        .as("a registry for whoever speaks to Kafka")
        .isEqualTo(broker.isPresent());
  }

  @Test
  void theRegistryKeepsItsSchemasOnTheBroker() {
    assertThat(environment("registry"))
        .containsEntry("APICURIO_STORAGE_KIND", "kafkasql")
        .containsEntry(
            "APICURIO_KAFKASQL_BOOTSTRAP_SERVERS",
            option("processor", "--bootstrap").orElseThrow());
  }

  /** The console refuses requests under a name that is not its machine's own. */
  @Test
  void theConsoleIsAskedByItsNameAtItsPort() {
    String port = option("console", "--http").orElseThrow().replaceFirst(".*:", "");
    assertThat(services.get("console")).containsEntry("hostname", "console");
    assertThat(option("push", "--console")).contains("http://console:" + port);
    assertThat(list(services.get("console").get("ports")))
        .containsExactly("127.0.0.1:%s:%s".formatted(port, port));
    assertThat(healthcheck("console")).contains("http://127.0.0.1:" + port);
  }

  @Test
  void ourHealthcheckIsUnderstood() {
    List<String> test = healthcheck("console");
    assertThat(test.subList(0, 2)).containsExactly("CMD", "banstream");
    Main.commandLine().parseArgs(test.subList(2, test.size()).toArray(String[]::new));
  }

  @Test
  void whatIsWaitedForExists() {
    services.forEach(
        (name, service) -> {
          Object on = service.getOrDefault("depends_on", List.of());
          Set<String> names = on instanceof Map ? map(on).keySet() : new TreeSet<>(list(on));
          assertThat(services.keySet()).as(name).containsAll(names);
          if (on instanceof Map) {
            map(on)
                .forEach(
                    (other, how) -> {
                      assertThat(how).isEqualTo(Map.of("condition", "service_healthy"));
                      assertThat(services.get(other)).as(other).containsKey("healthcheck");
                    });
          }
        });
  }

  @Test
  void volumesAndNetworksAreDeclaredOrStandInTheProject() {
    Set<String> used = new TreeSet<>();
    services.forEach(
        (name, service) -> {
          for (String volume : list(service.getOrDefault("volumes", List.of()))) {
            String source = volume.split(":", -1)[0];
            if (source.startsWith("./")) {
              assertThat(ROOT.resolve(source)).as(name).isDirectory();
            } else {
              used.add(source);
            }
          }
          assertThat(map(compose.get("networks")).keySet())
              .containsAll(list(service.get("networks")));
        });
    assertThat(map(compose.get("volumes")).keySet()).isEqualTo(used);
  }

  @Test
  void nobodyButAnEnforcerMayMoreThanRead() {
    ours()
        .forEach(
            name -> {
              Map<String, Object> service = services.get(name);
              assertThat(list(service.get("cap_drop"))).as(name).containsExactly("ALL");
              assertThat(service.containsKey("cap_add")).as(name).isEqualTo(isEnforcer(name));
              assertThat(service.containsKey("user")).as(name).isEqualTo(isEnforcer(name));
            });
  }

  private static boolean isEnforcer(String service) {
    return command(service).get(0).equals("enforce");
  }

  @Test
  void imagesArePinned() {
    services.forEach((name, s) -> assertThat((String) s.get("image")).as(name).matches(".+:[^:]+"));
    assertThat(services.values()).noneMatch(s -> s.get("image").toString().endsWith(":latest"));
  }

  @Test
  void thePushedConfigurationReadsWhatTheRelaysMount() throws Exception {
    Path config = ROOT.resolve("deploy/compose/config");
    assertThat(Configuration.read(config).jails())
        .filteredOn(jail -> !jail.sources().logpath().isEmpty())
        .isNotEmpty()
        .allSatisfy(
            jail -> assertThat(jail.sources().logpath()).containsExactly("/var/log/mail/maillog"));
    assertThat(list(services.get("relay1-ingest").get("volumes")))
        .contains("relay1-log:/var/log/mail");
    assertThat(list(services.get("push").get("volumes")))
        .contains("./deploy/compose/config:" + command("push").get(2) + ":ro");
  }

  private static ParseResult parsed(String service) {
    return Main.commandLine().parseArgs(command(service).toArray(String[]::new));
  }

  private static Optional<String> option(String service, String name) {
    ParseResult result = parsed(service);
    while (result.hasSubcommand()) {
      result = result.subcommand();
    }
    return result.hasMatchedOption(name)
        ? Optional.of(result.matchedOption(name).originalStringValues().get(0))
        : Optional.empty();
  }

  private static List<String> command(String service) {
    return Arrays.asList(((String) services.get(service).get("command")).split(" ", -1));
  }

  private static List<String> healthcheck(String service) {
    return list(ComposeTest.<Object>map(services.get(service).get("healthcheck")).get("test"));
  }

  private static Map<String, String> environment(String service) {
    Map<String, String> text = new TreeMap<>();
    ComposeTest.<Object>map(services.get(service).get("environment"))
        .forEach((key, value) -> text.put(key, value.toString()));
    return text;
  }

  @SuppressWarnings("unchecked") // YAML's keys are strings here; a wrong value fails the test.
  private static <V> Map<String, V> map(Object yaml) {
    return (Map<String, V>) yaml;
  }

  @SuppressWarnings("unchecked")
  private static List<String> list(Object yaml) {
    return (List<String>) yaml;
  }
}
