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
  private static final int SAMPLES = Integer.getInteger("banstream.samples", 1_000);
  private static final int FAIL2BANS = Integer.getInteger("banstream.fail2bans", 100);
  private static final int WARM_UP = 20;

  private static final String LINE_TO_PACKET = "line written to last packet through";

  private LatencyFigures() {}

  static void print(Path folder) throws IOException {
    if (!System.getProperty("user.name").equals("root")) {
      System.out.println("latency: needs root for network namespaces, left out");
      return;
    }
    ours(folder);
    if (Fail2ban.isInstalled()) {
      fail2ban(folder);
    }
  }

  private static void ours(Path folder) throws IOException {
    Path data = folder.resolve("data");
    Path config = Files.createDirectories(folder.resolve("config"));
    try (Stage stage = new Stage(folder.resolve("maillog"))) {
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
              .formatted(stage.log));
      try (Command up =
          Command.banstream(
              stage.relay.prefix(),
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
              "127.0.0.1:0")) {
        up.await("Ready: ");
        List<Sample> samples = stage.samples(SAMPLES);
        System.out.printf("latency: %,d times, ms%n", samples.size());
        row(LINE_TO_PACKET, samples, s -> s.last() - s.written());
        hops(samples, Hops.read(data));
      }
    }
  }

  private static void fail2ban(Path folder) throws IOException {
    try (Stage stage = new Stage(folder.resolve("maillog-of-fail2ban"))) {
      String jail =
          """
          [postfix-sasl]
          enabled = true
          filter = postfix[mode=auth]
          maxretry = 3
          findtime = 10m
          bantime = 1h
          action = iptables-allports[name=sasl, protocol=all]
          backend = auto
          logpath = %s
          """
              .formatted(stage.log);
      try (Fail2ban fail2ban =
          Fail2ban.start(folder.resolve("fail2ban"), stage.relay, "postfix-sasl", jail)) {
        List<Sample> samples = stage.samples(FAIL2BANS);
        System.out.printf("  fail2ban (%s), %,d times%n", fail2ban.backend(), samples.size());
        row(LINE_TO_PACKET, samples, s -> s.last() - s.written());
      }
    }
  }

  /**
   * @param written epoch milliseconds
   * @param last when its last packet came through, epoch milliseconds
   */
  private record Sample(String address, double written, double last) {}

  /** A relay with a log, and one who sends it packets from any address. */
  private static final class Stage implements AutoCloseable {
    private final Path log;
    private final Scene scene = Scene.with("2001:db8:1::/64");
    private final Netns relay = scene.relay();
    private final Command receiver;
    private final Command sender;

    Stage(Path log) throws IOException {
      this.log = Files.createFile(log);
      receiver = Command.java(relay.prefix(), Probe.class, "receive", Scene.RELAY);
      sender = Command.java(scene.outside().prefix(), Probe.class, "send", Scene.RELAY);
      receiver.await("listening");
    }

    List<Sample> samples(int count) throws IOException {
      List<Sample> samples = new ArrayList<>();
      for (int i = 0; i < WARM_UP + count; i++) {
        samples.add(sample(String.format("2001:db8:1::%x", 1 + i)));
      }
      return samples.subList(WARM_UP, samples.size());
    }

    private Sample sample(String address) throws IOException {
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

    @Override
    public void close() {
      sender.close();
      receiver.close();
      scene.close();
    }
  }

  private static void hops(List<Sample> samples, Hops hops) {
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
}
