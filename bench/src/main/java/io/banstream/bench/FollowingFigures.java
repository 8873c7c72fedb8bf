package io.banstream.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What an agent takes that follows 50 logs, after its start, after a million lines more and after
 * another: does it grow? Beside it a process that has Kafka's clients and nothing else, with the
 * agent's own options and an archive of its classes made the same way.
 */
final class FollowingFigures {
  private static final int LOGS = 50;
  private static final int FIRST = 100;
  private static final int BURSTS = 40;
  private static final int BURST = 50_000;

  private final Path folder;
  private final Path data;
  private final String listen;

  /** The bare clients' private memory, and all that is resident: KiB. */
  private long barePrivate;

  private long bareResident;

  /**
   * @param data of an {@code up --listen}
   * @param listen where that listens
   */
  FollowingFigures(Path folder, Path data, String listen) {
    this.folder = folder;
    this.data = data;
    this.listen = listen;
  }

  /** The logs' pattern for {@code logpath}; they are there. */
  static String logs(Path folder) throws IOException {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    for (Path log : files(logs)) {
      Files.createFile(log);
    }
    MailLogLines.append(files(logs), FIRST, 0);
    return logs.resolve("*.log").toString();
  }

  private static List<Path> files(Path logs) {
    return Stream.iterate(1, i -> i <= LOGS, i -> i + 1)
        .map(i -> logs.resolve("mail" + i + ".log"))
        .toList();
  }

  void print() throws IOException {
    for (String role : List.of("ingest", "enforce")) {
      try (Command first = agent(role)) { // lists the classes that the next start shares
        first.await("Ready");
        first.drain();
        first.settle();
      }
      try (Command agent = agent(role)) {
        agent.await("Ready");
        agent.drain();
        agent.settle();
        if (barePrivate == 0) {
          bare(agent.javaOptions());
        }
        row(role + ", its archive made, after its start", agent);
        if (role.equals("ingest")) {
          for (int burst = 1; burst <= BURSTS; burst++) {
            MailLogLines.append(files(folder.resolve("logs")), BURST / LOGS, burst);
            agent.settle();
            if (burst % (BURSTS / 2) == 0) {
              row(role + " after %,d lines more".formatted(burst * BURST), agent);
            }
          }
        }
      }
    }
  }

  private Command agent(String role) throws IOException {
    List<String> args = new ArrayList<>(List.of(role, "--bootstrap", listen, "--host", "relay2"));
    args.addAll(List.of("--kafka-config", settings(role), "--data", folder.resolve(role) + ""));
    if (role.equals("enforce")) {
      args.addAll(List.of("--firewall", "dry-run"));
    }
    return Command.banstream(List.of(), Map.of(), args.toArray(String[]::new));
  }

  private String settings(String role) {
    return data.resolve("clients").resolve(role + ".properties").toString();
  }

  private void bare(List<String> options) throws IOException {
    Path list = folder.resolve("bare.list");
    Path archive = folder.resolve("bare.jsa");
    String shared = "-XX:SharedArchiveFile=" + archive;
    runBare(options, "-XX:DumpLoadedClassList=" + list, "bare clients, no archive");
    List<String> dump = new ArrayList<>(List.of("-Xshare:dump", "-XX:+UseSerialGC"));
    dump.addAll(List.of("-XX:SharedClassListFile=" + list, shared, "-cp", bareClassPath()));
    try (Command dumped = Command.java(dump)) {
      dumped.end();
    }
    runBare(options, shared, "bare clients");
  }

  private void runBare(List<String> options, String sharing, String what) throws IOException {
    List<String> words = new ArrayList<>(options);
    words.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
    words.addAll(List.of(sharing, "-cp", bareClassPath(), BareClient.class.getName()));
    words.addAll(List.of(listen, settings("ingest")));
    try (Command bare = Command.java(words)) {
      bare.await("ready");
      bare.settle();
      bareResident = bare.status("VmRSS");
      barePrivate = bare.status("RssAnon");
      row(what, bare);
    }
  }

  /** Archives alone: classes in folders can't be shared. */
  private static String bareClassPath() throws IOException {
    Path target = Path.of(System.getProperty("banstream.root", "."), "bench", "target");
    List<String> path = new ArrayList<>();
    try (Stream<Path> built = Files.list(target)) {
      built.map(Path::toString).filter(f -> f.endsWith(".jar")).forEach(path::add);
    }
    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(f -> new File(f).getName().matches("(kafka-clients|slf4j-api|slf4j-simple)-\\d.*"))
        .forEach(path::add);
    return String.join(File.pathSeparator, path);
  }

  private void row(String what, Command process) throws IOException {
    long resident = process.status("VmRSS");
    long anonymous = process.status("RssAnon");
    System.out.printf(
        "  %-45s resident %5.1f (%.2f of the bare), of it private %5.1f (%.2f)%n",
        what,
        resident * 1024 / 1e6,
        (double) resident / bareResident,
        anonymous * 1024 / 1e6,
        (double) anonymous / barePrivate);
  }
}
