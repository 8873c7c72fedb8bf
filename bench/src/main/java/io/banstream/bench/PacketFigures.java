package io.banstream.bench;

import io.banstream.enforcer.FirewallKind;
import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/**
 * What a packet costs with so many addresses banned: one of an address that is not, and one of the
 * address that was banned last. Beside no rules at all, and the rules that fail2ban's {@code
 * iptables-allports} makes, one an address.
 */
final class PacketFigures {
  private static final int[] BANS = {10, 1_000, 100_000};
  private static final int ROUNDS = 3;
  private static final int SECONDS = 2;

  private PacketFigures() {}

  static void print(Path folder) throws IOException, ExecutionException, InterruptedException {
    if (!System.getProperty("user.name").equals("root")) {
      System.out.println("packets: needs root for network namespaces, left out");
      return;
    }
    System.out.println("packets: sent, and through the firewall, ns each; the best of three");
    on(relay -> row("no rules", relay, 0));
    for (int bans : BANS) {
      on(relay -> row("fail2ban's rules", relay.fail2banned(folder, bans), bans));
    }
    for (FirewallKind kind : new FirewallKind[] {FirewallKind.IPSET, FirewallKind.NFTABLES}) {
      try (Decided decided = new Decided()) {
        int from = 0;
        for (int bans : BANS) {
          decided.ban(from, bans);
          from = bans;
          Path data = folder.resolve(kind.word() + bans);
          on(
              relay -> {
                try (Command enforcer = decided.enforcer(kind, data, relay.host())) {
                  Decided.await(relay.host(), kind, bans);
                  enforcer.settle();
                  row("ours, " + kind.word(), relay, bans);
                }
              });
        }
      }
    }
  }

  /** What is done on a new host. */
  private interface Work {
    void on(Relay relay) throws IOException;
  }

  private static void on(Work work) throws IOException {
    try (Scene scene = Scene.with("2001:db8::/48");
        Command receiver =
            Command.java(scene.relay().prefix(), Probe.class, "receive", Scene.RELAY)) {
      receiver.await("listening"); // and reads nothing: its queue is full at once
      work.on(new Relay(scene.relay(), scene.outside()));
    }
  }

  private record Relay(Netns host, Netns outside) {
    /** Rules of fail2ban's form, made at once: fail2ban would take minutes for the many. */
    Relay fail2banned(Path folder, int bans) throws IOException {
      StringBuilder rules = new StringBuilder("*filter\n:f2b-manual - [0:0]\n");
      rules.append("-I INPUT -j f2b-manual\n");
      IntStream.range(0, bans)
          .mapToObj(Decided::address)
          .forEach(
              address ->
                  rules
                      .append("-A f2b-manual -s ")
                      .append(address)
                      .append(" -j REJECT --reject-with icmp6-port-unreachable\n"));
      rules.append("-A f2b-manual -j RETURN\nCOMMIT\n");
      Path file = Files.writeString(folder.resolve("rules" + bans), rules);
      host.run("ip6tables-restore", "--noflush", file.toString());
      return this;
    }

    double nanos(String source) throws IOException {
      double[] each = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        try (Command flood =
            Command.java(
                outside.prefix(),
                Flood.class,
                source,
                Scene.RELAY,
                Integer.toString(Probe.PORT),
                Integer.toString(SECONDS))) {
          each[i] = Double.parseDouble(flood.await("nanos ").substring("nanos ".length()));
        }
      }
      return Arrays.stream(each).min().orElseThrow();
    }
  }

  private static void row(String what, Relay relay, int bans) throws IOException {
    double guest = relay.nanos(Scene.GUEST);
    String banned =
        bans == 0 ? "" : String.format("  banned %,10.0f", relay.nanos(Decided.address(bans - 1)));
    System.out.printf("  %-18s %,8d bans: not banned %,10.0f%s%n", what, bans, guest, banned);
  }
}
