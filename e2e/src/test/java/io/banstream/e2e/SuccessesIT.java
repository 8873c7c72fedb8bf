package io.banstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a login that succeeded on one host to a ban that reaches another alone. */
class SuccessesIT {
  private static final String OFFICE = "203.0.113.5";
  private static final String ATTACKER = "203.0.113.6";

  @TempDir Path folder;

  /** Of the operator's commands. */
  private Map<String, String> environment;

  @Test
  void whoLoggedInOnOneHostIsBannedOnTheOneThatSawItsFailuresOnly() throws Exception {
    Path log1 = Files.createFile(folder.resolve("auth1.log"));
    Path log2 = Files.createFile(folder.resolve("auth2.log"));
    String broker = "127.0.0.1:" + freePort();
    Path data = folder.resolve("up");
    try (Banstream up =
        Banstream.start(
            "up",
            "--firewall",
            "dry-run",
            "--host",
            "relay1",
            "--http",
            "127.0.0.1:0",
            "--listen",
            broker,
            "--config",
            configuration("configuration1", log1).toString(),
            "--data",
            data.toString())) {
      environment =
          Map.of(
              "BANSTREAM_DATA",
              data.toString(),
              "BANSTREAM_CONSOLE",
              up.awaitLine("Ready: ").replace("Ready: ", ""));
      client("jails", "push", configuration("configuration2", log2).toString(), "--group", "two");
      append(log2, "Accepted password for alice from " + OFFICE + " port 4711 ssh2");
      try (Banstream relay2 =
          Banstream.start(
              "ingest",
              "--bootstrap",
              broker,
              "--kafka-config",
              data.resolve("clients/ingest.properties").toString(),
              "--host",
              "relay2",
              "--group",
              "two",
              "--data",
              folder.resolve("relay2").toString())) {
        relay2.awaitLine("Ready");
        await("the success in explain")
            .atMost(Banstream.LIMIT)
            .until(() -> client("explain", OFFICE).contains("Accepted password for alice"));
        for (int i = 0; i < 3; i++) {
          append(log1, "Failed password for alice from " + OFFICE + " port 4712 ssh2");
          append(log1, "Failed password for alice from " + ATTACKER + " port 4712 ssh2");
        }
        assertThat(up.awaitLine("Ban " + OFFICE + " in sshd ")).contains("3 failures on relay1");
        assertThat(up.awaitLine("Ban " + ATTACKER + " in sshd ")).contains("3 failures on relay1");
        await("the alert")
            .atMost(Banstream.LIMIT)
            .untilAsserted(
                () ->
                    assertThat(client("alerts"))
                        .contains("who logs in is banned on relay1 only")
                        .contains(OFFICE)
                        .doesNotContain(ATTACKER));
        assertThat(client("explain", OFFICE)).contains("Banned on relay1 ");
        assertThat(client("explain", ATTACKER)).contains("Banned on every host ");
      }
    }
  }

  private String client(String... args) {
    return Banstream.run(List.of(), environment, args);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void append(Path log, String message) throws IOException {
    String stamp =
        DateTimeFormatter.ofPattern("MMM d HH:mm:ss", Locale.ROOT).format(LocalDateTime.now());
    Files.writeString(
        log, stamp + " relay sshd[4711]: " + message + "\n", StandardOpenOption.APPEND);
  }

  private Path configuration(String name, Path log) throws IOException {
    Path configuration = Files.createDirectory(folder.resolve(name));
    Files.writeString(
        configuration.resolve("jail.local"),
        "[sshd]\nenabled = true\nmaxretry = 3\nfindtime = 600\nbantime = 600\nlogpath = "
            + log
            + "\n");
    return configuration;
  }
}
