package io.banstream.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Resident memory of {@code up} and of each agent alone, after 100,000 lines. */
final class MemoryFigures {
  private static final int LINES = 100_000;

  private MemoryFigures() {}

  static void print(Path folder) throws IOException {
    Path config = Files.createDirectories(folder.resolve("fail2ban"));
    Path log = folder.resolve("maillog");
    MailLogLines.write(log, LINES);
    Files.writeString(
        config.resolve("jail.local"),
        """
        [postfix-sasl]
        enabled = true
        logpath = %1$s
        [dovecot]
        enabled = true
        logpath = %1$s
        [sshd]
        enabled = true
        logpath = %1$s
        """
            .formatted(log));
    String listen = "127.0.0.1:" + freePort();
    String data = folder.resolve("up").toString();
    System.out.printf("memory: after %,d lines, MiB%n", LINES);
    try (Command up =
        Command.banstream(
            List.of(),
            "up",
            "--config",
            config.toString(),
            "--data",
            data,
            "--listen",
            listen,
            "--http",
            "127.0.0.1:0",
            "--firewall",
            "dry-run",
            "--host",
            "relay1")) {
      up.await("Ready: ");
      row("up: broker, processor, agents, console", up);
      for (String role : List.of("ingest", "enforce")) {
        try (Command agent = agent(role, listen, data, folder)) {
          agent.await("Ready");
          row(role + " alone", agent);
        }
      }
    }
  }

  private static Command agent(String role, String listen, String data, Path folder)
      throws IOException {
    List<String> firewall = role.equals("enforce") ? List.of("--firewall", "dry-run") : List.of();
    List<String> args =
        new java.util.ArrayList<>(
            List.of(
                role,
                "--bootstrap",
                listen,
                "--kafka-config",
                Path.of(data, "clients", role + ".properties").toString(),
                "--host",
                "relay2",
                "--data",
                folder.resolve(role).toString()));
    args.addAll(firewall);
    return Command.banstream(List.of(), args.toArray(String[]::new));
  }

  private static void row(String what, Command process) throws IOException {
    System.out.printf(
        "  %-45s resident %4d, of it private %4d, files %4d%n",
        what,
        process.status("VmRSS") / 1024,
        process.status("RssAnon") / 1024,
        process.status("RssFile") / 1024);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
