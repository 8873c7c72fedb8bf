package io.banstream.bench;

import io.banstream.enforcer.FirewallKind;
import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Bans decided at once, until the kernel has all of them; and an enforcer's start with many, in a
 * kernel that has none. Beside fail2ban, where it is installed.
 */
final class KernelFigures {
  private static final int BANS = Integer.getInteger("banstream.bans", 100_000);
  private static final int MANY = Integer.getInteger("banstream.table", 1_000_000);
  private static final int FAIL2BANS = 1_000;

  private KernelFigures() {}

  static void print(Path folder) throws IOException, ExecutionException, InterruptedException {
    if (!System.getProperty("user.name").equals("root")) {
      System.out.println("kernel: needs root for network namespaces, left out");
      return;
    }
    System.out.println("kernel: decided to in the kernel, by ipset");
    try (Decided decided = new Decided()) {
      Path data = folder.resolve("data");
      try (Netns relay = Netns.create("relay")) {
        atOnce(decided, data, relay);
      }
      decided.ban(2 * BANS, MANY);
      try (Netns fresh = Netns.create("relay")) {
        start(decided, data, fresh);
      }
    }
    fail2ban(folder);
  }

  private static void atOnce(Decided decided, Path data, Netns relay) throws IOException {
    try (Command enforcer = decided.enforcer(FirewallKind.IPSET, data, relay)) {
      decided.ban(0, 1);
      Decided.await(relay, FirewallKind.IPSET, 1);
      atOnce("a new enforcer", decided, 1, BANS, relay, enforcer);
      atOnce("the same again", decided, BANS, 2 * BANS, relay, enforcer);
    }
  }

  private static void atOnce(
      String who, Decided decided, int from, int to, Netns relay, Command enforcer)
      throws IOException {
    long begin = System.nanoTime();
    decided.ban(from, to);
    double sent = seconds(begin);
    Decided.await(relay, FirewallKind.IPSET, to);
    double all = seconds(begin);
    System.out.printf(
        "  %,d bans, %s: committed after %.2f s, in the kernel after %.2f s, %,.0f a second;"
            + " resident %,d KiB%n",
        to - from, who, sent, all, (to - from) / all, enforcer.status("VmRSS"));
  }

  private static void start(Decided decided, Path data, Netns fresh) throws IOException {
    long begin = System.nanoTime();
    try (Command enforcer = decided.enforcer(FirewallKind.IPSET, data, fresh)) {
      Decided.await(fresh, FirewallKind.IPSET, MANY);
      System.out.printf(
          "  start with %,d: in the kernel after %.2f s; resident %,d KiB%n",
          MANY, seconds(begin), enforcer.status("VmRSS"));
    }
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void fail2ban(Path folder) throws IOException {
    if (!Fail2ban.isInstalled()) {
      return;
    }
    String jail =
        """
        [manual]
        enabled = true
        filter = postfix
        logpath = %s
        backend = polling
        bantime = 1d
        action = iptables-allports[name=manual]
        """
            .formatted(Files.createFile(folder.resolve("maillog")));
    try (Netns relay = Netns.create("relay");
        Fail2ban fail2ban = Fail2ban.start(folder.resolve("fail2ban"), relay, "manual", jail)) {
      List<String> ban = new ArrayList<>(List.of("set", "manual", "banip"));
      for (int i = 0; i < FAIL2BANS; i++) {
        ban.add(Decided.address(i));
      }
      long begin = System.nanoTime();
      fail2ban.tell(ban);
      while (rules(relay) < FAIL2BANS) {
        LockSupport.parkNanos(5_000_000);
      }
      double all = seconds(begin);
      System.out.printf(
          "  fail2ban, %,d bans: in the kernel after %.2f s, %,.0f a second%n",
          FAIL2BANS, all, FAIL2BANS / all);
    }
  }

  private static long rules(Netns relay) {
    return relay
        .tryRun("ip6tables", "-S")
        .output()
        .lines()
        .filter(line -> line.startsWith("-A f2b-manual -s"))
        .count();
  }
}
