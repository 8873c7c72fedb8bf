package io.banstream.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Resident memory of {@code up} after 100,000 lines, and of each agent alone with 50 logs. */
final class MemoryFigures {
  private static final int LINES = 100_000;
  private static final Map<String, String> TRACKED =
      Map.of("BANSTREAM_JAVA_OPTS", "-XX:NativeMemoryTracking=summary");

  private MemoryFigures() {}

  static void print(Path folder) throws IOException {
    Path config = Files.createDirectories(folder.resolve("fail2ban"));
    Path log = folder.resolve("maillog");
    MailLogLines.write(log, LINES);
    jails(config, log.toString());
    System.out.printf("memory: after %,d lines, MiB%n", LINES);
    rows(folder.resolve("plain"), config, Map.of(), MemoryFigures::resident);
    System.out.println("memory: committed in the JVM, of a second run with native memory tracking");
    rows(folder.resolve("tracked"), config, TRACKED, MemoryFigures::committed);
    Path many = Files.createDirectories(folder.resolve("many"));
    jails(many, FollowingFigures.logs(many));
    String listen = "127.0.0.1:" + freePort();
    Path data = many.resolve("up");
    System.out.println("memory: agents with 50 logs; Kafka's clients alone, same options; MB");
    try (Command up = up(many, data, listen, Map.of())) {
      up.await("Ready: ");
      up.drain();
      new FollowingFigures(many, data, listen).print();
    }
  }

  private static void jails(Path config, String logpath) throws IOException {
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
            .formatted(logpath));
  }

  /** Prints what is to be said of a process. */
  private interface Row {
    void print(String what, Command process) throws IOException;
  }

  private static void rows(Path folder, Path config, Map<String, String> environment, Row row)
      throws IOException {
    String listen = "127.0.0.1:" + freePort();
    Path data = folder.resolve("up");
    try (Command up = up(config, data, listen, environment)) {
      up.await("Ready: ");
      row.print("up: broker, processor, agents, console", up);
      for (String role : List.of("ingest", "enforce")) {
        try (Command agent = agent(role, listen, data, folder, environment)) {
          agent.await("Ready");
          row.print(role + " alone", agent);
        }
      }
    }
  }

  private static Command up(Path config, Path data, String listen, Map<String, String> environment)
      throws IOException {
    return Command.banstream(
        List.of(),
        environment,
        "up",
        "--config",
        config.toString(),
        "--data",
        data.toString(),
        "--listen",
        listen,
        "--http",
        "127.0.0.1:0",
        "--firewall",
        "dry-run",
        "--host",
        "relay1");
  }

  private static Command agent(
      String role, String listen, Path data, Path folder, Map<String, String> environment)
      throws IOException {
    List<String> firewall = role.equals("enforce") ? List.of("--firewall", "dry-run") : List.of();
    List<String> args =
        new ArrayList<>(
            List.of(
                role,
                "--bootstrap",
                listen,
                "--kafka-config",
                data.resolve("clients").resolve(role + ".properties").toString(),
                "--host",
                "relay2",
                "--data",
                folder.resolve(role).toString()));
    args.addAll(firewall);
    return Command.banstream(List.of(), environment, args.toArray(String[]::new));
  }

  private static void resident(String what, Command process) throws IOException {
    System.out.printf(
        "  %-45s resident %4d, of it private %4d, files %4d%n",
        what,
        process.status("VmRSS") / 1024,
        process.status("RssAnon") / 1024,
        process.status("RssFile") / 1024);
  }

  private static void committed(String what, Command process) throws IOException {
    StringJoiner parts = new StringJoiner(", ");
    process.nativeMemory().entrySet().stream()
        .filter(part -> part.getValue() >= 1024)
        .forEach(part -> parts.add(part.getKey() + " " + part.getValue() / 1024));
    System.out.printf("  %-45s %s%n", what, parts);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
