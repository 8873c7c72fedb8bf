package io.banstream.enforcer;

import static org.awaitility.Awaitility.await;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A firewalld that really runs: in a namespace, with a message bus, a configuration and a log of
 * its own, and without the right to unload this machine's modules. It ends with its namespace.
 */
final class RunningFirewalld {
  /** What keeps its rules. */
  enum Backend {
    /** As on CentOS 7. */
    IPTABLES_LEGACY("iptables"),
    IPTABLES_NFT("iptables"),
    NFTABLES("nftables");

    private final String word;

    Backend(String word) {
      this.word = word;
    }
  }

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String[] NEEDED = {
    "firewalld",
    "firewall-cmd",
    "dbus-daemon",
    "setpriv",
    "ipset",
    "nft",
    "iptables-legacy",
    "ip6tables-legacy",
    "iptables-nft",
    "ip6tables-nft"
  };

  /**
   * Which iptables firewalld calls is this machine's choice; its processes see one of their own.
   */
  private static final String CHOICE =
      """
      mount -t tmpfs none /etc/alternatives
      for end in '' -save -restore; do
        for name in iptables ip6tables; do
          ln -s /usr/sbin/$name-%s$end /etc/alternatives/$name$end
        done
      done
      """;

  private final Netns host;
  private final Path folder;
  private final Backend backend;
  private final Path bus;
  private Process process;

  private RunningFirewalld(Netns host, Path folder, Backend backend) {
    this.host = host;
    this.folder = folder;
    this.backend = backend;
    this.bus = folder.resolve("bus");
  }

  static void assumeAvailable() {
    Netns.assumeAvailable(NEEDED);
  }

  /** Starts it, and waits until its rules are there. */
  static RunningFirewalld start(Netns host, Path folder, Backend backend) throws IOException {
    return start(host, folder, backend, "public");
  }

  /**
   * The same.
   *
   * @param zone of all that arrives: {@code trusted} lets everything in and through
   */
  static RunningFirewalld start(Netns host, Path folder, Backend backend, String zone)
      throws IOException {
    RunningFirewalld started = new RunningFirewalld(host, folder, backend);
    started.configure(zone);
    host.start("dbus-daemon", "--config-file=" + folder.resolve("bus.conf"), "--nofork");
    await().atMost(LIMIT).until(() -> Files.exists(started.bus));
    started.begin();
    return started;
  }

  private void configure(String zone) throws IOException {
    Files.writeString(
        folder.resolve("bus.conf"),
        """
        <busconfig>
          <type>system</type>
          <listen>unix:path=%s</listen>
          <auth>EXTERNAL</auth>
          <policy context="default">
            <allow own="*"/> <allow send_destination="*"/> <allow receive_sender="*"/>
          </policy>
        </busconfig>
        """
            .formatted(bus));
    Files.createDirectories(folder.resolve("firewalld"));
    Files.writeString(
        folder.resolve("firewalld/firewalld.conf"),
        "DefaultZone=" + zone + "\nFirewallBackend=" + backend.word + "\n");
  }

  private void begin() throws IOException {
    process =
        host.start(
            "sh",
            "-c",
            CHOICE.formatted(backend == Backend.IPTABLES_LEGACY ? "legacy" : "nft")
                + "exec env DBUS_SYSTEM_BUS_ADDRESS=unix:path=%s setpriv --bounding-set=-sys_module"
                    .formatted(bus)
                + " firewalld --nofork --nopid --system-config %s --log-file %s >>%s 2>&1"
                    .formatted(
                        folder.resolve("firewalld"), folder.resolve("log"), folder.resolve("out")));
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException(
                    "firewalld ended: " + Files.readString(folder.resolve("out")));
              }
              return host.tryRun(cmd("--state")).exit() == 0;
            });
  }

  /** {@code firewall-cmd} with these words; gives what it said. */
  String run(String... words) {
    return host.run(cmd(words));
  }

  /** The same for a shell. */
  String line(String... words) {
    return String.join(" ", cmd(words));
  }

  private String[] cmd(String... words) {
    List<String> all =
        new ArrayList<>(List.of("env", "DBUS_SYSTEM_BUS_ADDRESS=unix:path=" + bus, "firewall-cmd"));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  /** As {@code systemctl restart firewalld}. */
  void restart() throws IOException, InterruptedException {
    stop();
    begin();
  }

  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("firewalld does not end");
    }
  }

  /** The tools that an enforcer beside it would call. */
  Tools tools() {
    return backend == Backend.IPTABLES_LEGACY
        ? new Tools("ipset", "iptables-legacy", "ip6tables-legacy", "nft")
        : new Tools("ipset", "iptables-nft", "ip6tables-nft", "nft");
  }
}
