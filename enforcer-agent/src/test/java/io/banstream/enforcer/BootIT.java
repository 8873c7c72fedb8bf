package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that boots: a namespace that is new, where the saved firewall is loaded. */
class BootIT {
  private static final Path SCRIPT =
      Path.of(System.getProperty("banstream.root"), "deploy/boot/banstream-boot");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Tools LEGACY =
      new Tools("ipset", "iptables-legacy", "ip6tables-legacy", "nft");

  @TempDir Path data;
  private final List<Netns> hosts = new ArrayList<>();
  private final Instant until = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.MILLIS);

  @BeforeEach
  void table() throws IOException {
    Netns.assumeAvailable("ipset", "iptables-legacy", "ip6tables-legacy", "nft", "awk");
    Table table = new Table("relay1");
    table.jail("sasl", List.of(FirewallContract.SMTP));
    ban(table, "192.0.2.1", until);
    ban(table, "2001:db8::/64", until);
    ban(table, "192.0.2.2", Instant.now().plusSeconds(900));
    ban(table, "192.0.2.3", Change.FOR_EVER);
    new TableFile(data).write(table);
  }

  private static void ban(Table table, String address, Instant until) {
    table.ban(new DecisionKey(Address.parse(address), "sasl", DecisionKey.FLEET), until);
  }

  @AfterEach
  void close() {
    hosts.forEach(Netns::close);
  }

  private Netns host() {
    hosts.add(Netns.create("boot"));
    return hosts.get(hosts.size() - 1);
  }

  private Firewall firewall(FirewallKind kind, Netns host) {
    Shell shell = new Shell(host.prefix(), LIMIT);
    return kind == FirewallKind.IPSET
        ? new IpsetFirewall(shell, LEGACY)
        : new NftFirewall(shell, LEGACY);
  }

  /** An enforcer runs there for a while; without a broker, by the table on disk. */
  private void run(FirewallKind kind, Netns host) {
    KafkaConnection nobody =
        new KafkaConnection(
            Map.of("bootstrap.servers", "127.0.0.1:1"), new Topics(""), Optional.empty());
    EnforcerSettings settings =
        new EnforcerSettings(
            nobody,
            "relay1",
            "default",
            data,
            kind,
            InstantSource.system(),
            host.prefix(),
            false,
            Optional.empty(),
            line -> {});
    try (EnforcerAgent agent = EnforcerAgent.start(settings, LEGACY);
        Firewall firewall = firewall(kind, host)) {
      await()
          .atMost(LIMIT)
          .until(() -> firewall.read(Instant.now()).entries(List.of("sasl")).size() == 4);
      assertThat(agent.ended()).isNotDone();
    }
  }

  /** The boot job. */
  private String boot(Netns host) {
    return host.run("sh", SCRIPT.toString(), file().toString());
  }

  private Path file() {
    return data.resolve("boot");
  }

  private static Netns.Result load(Netns host, String tool, Path rules) {
    return host.tryRun("sh", "-c", tool + "-restore <" + rules);
  }

  @Test
  void aSavedRulesetIsLoadedOnceTheJobHasRun() throws Exception {
    Netns before = host();
    run(FirewallKind.IPSET, before);
    Path v4 = Files.writeString(data.resolve("v4"), before.run("iptables-legacy-save"));
    Path v6 = Files.writeString(data.resolve("v6"), before.run("ip6tables-legacy-save"));
    Netns after = host();
    assertThat(load(after, "iptables-legacy", v4).exit()).as("what the job is for").isNotZero();
    assertThat(boot(after)).isEmpty();
    assertThat(load(after, "iptables-legacy", v4)).isEqualTo(new Netns.Result(0, ""));
    assertThat(load(after, "ip6tables-legacy", v6)).isEqualTo(new Netns.Result(0, ""));
    assertThat(after.run("iptables-legacy-save"))
        .contains("-A INPUT -j BANSTREAM", "--match-set banstream-4-sasl src");
  }

  @ParameterizedTest
  @EnumSource(names = {"IPSET", "NFTABLES"})
  void theBansThatAreInForceAreThereWithWhatIsLeftOfThem(FirewallKind kind) throws Exception {
    run(kind, host());
    // As if the host had been down for twenty minutes.
    List<String> lines = new ArrayList<>(Files.readAllLines(file()));
    String[] first = lines.get(0).split(" ");
    first[3] = Long.toString(Long.parseLong(first[3]) - 1200);
    lines.set(0, String.join(" ", first));
    Files.write(file(), lines);
    Netns after = host();
    assertThat(boot(after)).isEmpty();
    try (Firewall firewall = firewall(kind, after)) {
      Map<Entry, Instant> held = firewall.read(Instant.now()).entries(List.of("sasl"));
      assertThat(held)
          .containsOnlyKeys(
              FirewallContract.entry("sasl", "192.0.2.1"),
              FirewallContract.entry("sasl", "2001:db8::/64"),
              FirewallContract.entry("sasl", "192.0.2.3"));
      assertThat(held.get(FirewallContract.entry("sasl", "192.0.2.1")))
          .isCloseTo(until.minusSeconds(1200), within(10, ChronoUnit.SECONDS));
      assertThat(held.get(FirewallContract.entry("sasl", "192.0.2.3"))).isEqualTo(Change.FOR_EVER);
    }
    assertThat(boot(after)).as("a second time").isEmpty();
  }

  @Test
  void aClockThatWasSetBackMakesNoBanLonger() throws Exception {
    // The seconds between the file and the boot are not known to it, and count anew.
    Instant latest = until.plusSeconds(LIMIT.toSeconds());
    run(FirewallKind.IPSET, host());
    String later = Files.readString(file()).replaceFirst("ipset \\d+", "ipset 99999999999");
    Files.writeString(file(), later);
    Netns after = host();
    boot(after);
    try (Firewall firewall = firewall(FirewallKind.IPSET, after)) {
      assertThat(firewall.read(Instant.now()).entries(List.of("sasl")))
          .hasSize(4)
          .allSatisfy(
              (e, u) -> assertThat(u.equals(Change.FOR_EVER) || !u.isAfter(latest)).isTrue());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"add banstream-4-sasl not-an-address timeout 5", "add "})
  void aFileThatIsDamagedStillMakesTheSets(String damage) throws Exception {
    run(FirewallKind.IPSET, host());
    List<String> lines = new ArrayList<>(Files.readAllLines(file()));
    lines.removeIf(line -> line.startsWith("add "));
    lines.add(damage);
    Files.write(file(), lines);
    Netns after = host();
    assertThat(boot(after)).contains("the sets alone are made");
    assertThat(after.run("ipset", "save")).contains("create banstream-4-sasl hash:net");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "banstream-boot 2 ipset 5\n", "banstream-boot 1 sh 5\ntouch x\n"})
  void whatIsNoneIsToldAndHoldsNoBootUp(String content) throws Exception {
    Files.writeString(file(), content);
    Netns after = host();
    assertThat(boot(after)).contains("no sets are made").contains(file().toString());
    Files.delete(file());
    assertThat(boot(after)).contains("no sets are made").contains(file().toString());
    assertThat(after.run("ipset", "save")).isEmpty();
  }

  @Test
  void afterAFlushABootMakesNothing() throws Exception {
    Netns host = host();
    run(FirewallKind.IPSET, host);
    assertThat(file()).exists();
    assertThat(Flush.run(data, host.prefix())).isNotEmpty();
    assertThat(file()).doesNotExist();
  }

  @Test
  void savedRulesetsThatNameOursAreFound() throws Exception {
    Path centos = data.resolve("etc/sysconfig/iptables");
    Files.createDirectories(centos.getParent());
    Files.writeString(centos, "-A BANSTREAM -m set --match-set banstream-4-sasl src -j DROP\n");
    Files.writeString(centos.resolveSibling("ip6tables"), "-A INPUT -j ACCEPT\n");
    assertThat(Flush.savedWithOurs(data)).containsExactly(centos);
  }
}
