package io.banstream.bench;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * From the third failure's line written in a mail log to the last packet that gets through: the
 * whole way, through Kafka into the kernel. Packets go every 0.1 ms.
 */
final class LatencyFigures {
  private static final int SAMPLES = 200; // with the warm-up, what 192.0.2.0/24 holds
  private static final int WARM_UP = 20;
  private static final String RELAY = "198.51.100.1";
  private static final String GATEWAY = "198.51.100.2";

  private LatencyFigures() {}

  static void print(Path folder) throws IOException {
    if (!System.getProperty("user.name").equals("root")) {
      System.out.println("latency: needs root for network namespaces, left out");
      return;
    }
    Path log = Files.createFile(folder.resolve("maillog"));
    Path data = folder.resolve("data");
    Path config = Files.createDirectories(folder.resolve("fail2ban"));
    Files.writeString(
        config.resolve("jail.local"),
        """
        [postfix-sasl]
        enabled = true
        maxretry = 3
        bantime = 1h
        banaction = iptables-allports
        protocol = all
        logpath = %s
        """
            .formatted(log));
    try (Netns relay = Netns.create("relay");
        Netns outside = Netns.create("outside")) {
      relay.link(RELAY + "/24", outside, GATEWAY + "/24");
      relay.run("ip", "route", "add", "192.0.2.0/24", "via", GATEWAY);
      for (int i = 0; i < SAMPLES + WARM_UP; i++) {
        outside.run("ip", "addr", "add", address(i), "dev", "lo");
      }
      try (Command up =
              Command.banstream(
                  relay.prefix(),
                  "up",
                  "--config",
                  config.toString(),
                  "--data",
                  data.toString(),
                  "--firewall",
                  "ipset",
                  "--host",
                  "relay1",
                  "--http",
                  "127.0.0.1:0");
          Command receiver = Command.java(relay.prefix(), Probe.class, "receive", RELAY);
          Command sender = Command.java(outside.prefix(), Probe.class, "send", RELAY)) {
        receiver.await("listening");
        up.await("Ready: ");
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < WARM_UP; i++) {
          sample(address(i), log, sender, receiver);
        }
        for (int i = WARM_UP; i < SAMPLES + WARM_UP; i++) {
          samples.add(sample(address(i), log, sender, receiver));
        }
        print(samples, Hops.read(data));
      }
    }
  }

  /**
   * @param written epoch milliseconds
   * @param last when its last packet came through, epoch milliseconds
   */
  private record Sample(String address, double written, double last) {}

  private static Sample sample(String address, Path log, Command sender, Command receiver)
      throws IOException {
    receiver.tell(address);
    sender.tell(address);
    receiver.await("seen");
    String line =
        Instant.now().truncatedTo(ChronoUnit.MILLIS) // as rsyslog: at most six digits
            + " relay1 postfix/smtpd[1]: warning: unknown["
            + address
            + "]: SASL LOGIN authentication failed: UGFzc3dvcmQ6\n";
    Files.writeString(log, line + line, StandardOpenOption.APPEND);
    double epoch = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) / 1e3;
    long written = System.nanoTime();
    Files.writeString(log, line, StandardOpenOption.APPEND);
    long last = Long.parseLong(receiver.await("last ").substring("last ".length()));
    return new Sample(address, epoch, epoch + (last - written) / 1e6);
  }

  private static void print(List<Sample> samples, Hops hops) {
    System.out.printf("latency: %d times, ms%n", samples.size());
    row("line written to last packet through", samples, s -> s.last() - s.written());
    System.out.println("  of it, by the broker's append times (whole ms)");
    row(
        "line read, matched, in attempts",
        samples,
        s -> hops.attempts().get(s.address()) - s.written());
    row(
        "window, decision, in decisions",
        samples,
        s -> hops.decisions().get(s.address()) - hops.attempts().get(s.address()));
    row(
        "transaction committed",
        samples,
        s -> hops.commits().get(s.address()) - hops.decisions().get(s.address()));
    row(
        "fetched, in the set, last packet through",
        samples,
        s -> s.last() - hops.commits().get(s.address()));
  }

  private static void row(String what, List<Sample> samples, ToDoubleFunction<Sample> hop) {
    double[] millis = samples.stream().mapToDouble(hop).sorted().toArray();
    System.out.printf(
        "  %-45s p50 %6.1f  p99 %6.1f  max %6.1f%n",
        what,
        millis[millis.length / 2],
        millis[millis.length * 99 / 100],
        millis[millis.length - 1]);
  }

  private static String address(int i) {
    return "192.0.2." + (1 + i);
  }
}
