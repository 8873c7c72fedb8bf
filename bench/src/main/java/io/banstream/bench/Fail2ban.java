package io.banstream.bench;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The installed fail2ban in a namespace, with jails of its own. */
final class Fail2ban implements AutoCloseable {
  private final Path config;
  private final Netns host;
  private final Process server;

  private Fail2ban(Path config, Netns host, Process server) {
    this.config = config;
    this.host = host;
    this.server = server;
  }

  /** Whether there is one; says so if not. */
  static boolean isInstalled() {
    boolean installed = Files.isExecutable(Path.of("/usr/bin/fail2ban-server"));
    if (!installed) {
      System.out.println("  fail2ban is not installed, left out");
    }
    return installed;
  }

  /**
   * Starts it, and waits until a jail is there.
   *
   * @param folder is made
   * @param jails what stands in its jail.conf
   */
  static Fail2ban start(Path folder, Netns host, String jail, String jails) throws IOException {
    Path config = Files.createDirectory(folder);
    for (String installed : List.of("action.d", "filter.d", "paths-common.conf")) {
      Files.createSymbolicLink(config.resolve(installed), Path.of("/etc/fail2ban", installed));
    }
    Files.writeString(
        config.resolve("fail2ban.conf"),
        """
        [Definition]
        loglevel = INFO
        logtarget = %1$s/log
        syslogsocket = auto
        socket = %1$s/socket
        pidfile = %1$s/pid
        dbfile = None
        dbpurgeage = 1d
        dbmaxmatches = 10
        """
            .formatted(config));
    Files.writeString(config.resolve("jail.conf"), jails);
    Process server = host.start("fail2ban-server", "-c", config.toString(), "-xf", "start");
    Fail2ban started = new Fail2ban(config, host, server);
    while (host.tryRun(started.client("status", jail)).exit() != 0) {
      if (!server.isAlive()) {
        throw new IllegalStateException(
            "fail2ban did not start: " + Files.readString(config.resolve("log")));
      }
      LockSupport.parkNanos(100_000_000);
    }
    return started;
  }

  /** How it watches logs, as {@code auto} came to. */
  String backend() throws IOException {
    return Files.readString(config.resolve("log"))
        .lines()
        .filter(line -> line.contains("backend"))
        .map(line -> line.replaceFirst(".*: INFO *", ""))
        .reduce((first, last) -> last)
        .orElse("backend unknown");
  }

  /** Says something to it, and waits for the answer. */
  void tell(List<String> words) {
    host.run(client(words.toArray(String[]::new)));
  }

  private String[] client(String... words) {
    List<String> client = new ArrayList<>(List.of("fail2ban-client", "-c", config.toString()));
    client.addAll(List.of(words));
    return client.toArray(String[]::new);
  }

  @Override
  public void close() {
    server.destroyForcibly();
    server.onExit().join();
  }
}
