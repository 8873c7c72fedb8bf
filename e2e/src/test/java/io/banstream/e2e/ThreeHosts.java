package io.banstream.e2e;

import io.banstream.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A fleet of three: the first host is {@code up}, each other one runs an agent of its own. */
final class ThreeHosts {
  static final List<String> NAMES = List.of("relay1", "relay2", "relay3");

  private final Path folder;
  private final Random random;
  private final List<Banstream> running = new ArrayList<>();
  private final int port;

  /**
   * @param folder keeps configurations and data; the logs are under it in {@code logs}
   */
  ThreeHosts(Path folder, Random random) throws IOException {
    this.folder = folder;
    this.random = random;
    for (String host : NAMES) {
      Path config = Files.createDirectories(folder.resolve("config").resolve(host));
      Path log = Relays.file(folder.resolve("logs"), host);
      Files.writeString(config.resolve("jail.local"), CrashJails.jailLocal(log));
    }
    // The same at each start, as a fleet's broker has it.
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  /**
   * Starts everything and waits until it is ready.
   *
   * @param first whether the others' jails are to be pushed
   */
  void start(boolean first) {
    Path data = folder.resolve("data");
    Banstream up =
        Banstream.start(
            "up",
            "--config",
            folder.resolve("config/relay1").toString(),
            "--data",
            data.resolve("relay1").toString(),
            "--firewall",
            "dry-run",
            "--http",
            "127.0.0.1:0",
            "--listen",
            "127.0.0.1:" + port,
            "--host",
            "relay1");
    running.add(up);
    String ready = up.awaitLine("Ready: ");
    String console = ready.substring(ready.indexOf("http")).strip();
    for (String host : NAMES.subList(1, NAMES.size())) {
      if (first) {
        push(host, console);
      }
      running.add(
          Banstream.start(
              "ingest",
              "--kafka-config",
              clients().resolve("ingest.properties").toString(),
              "--data",
              data.resolve(host).toString(),
              "--group",
              host,
              "--host",
              host));
    }
    running.forEach(process -> process.awaitLine("Ready"));
  }

  private void push(String host, String console) {
    Banstream.run(
        List.of(),
        Map.of(),
        "jails",
        "push",
        folder.resolve("config").resolve(host).toString(),
        "--group",
        host,
        "--console",
        console,
        "--data",
        folder.resolve("data/relay1").toString());
  }

  private Path clients() {
    return folder.resolve("data/relay1/clients");
  }

  /** A reader with the rights of an account. */
  TopicReader reader(String account) throws IOException {
    return new TopicReader(clients().resolve(account + ".properties"), new Topics(""));
  }

  /** All at once, as by the loss of power. */
  void kill() {
    Collections.shuffle(running, random);
    running.forEach(Banstream::kill);
    running.clear();
  }
}
