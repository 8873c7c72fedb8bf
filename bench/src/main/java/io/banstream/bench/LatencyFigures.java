package io.banstream.bench;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

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
                  folder.resolve("data").toString(),
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
        double[] millis = new double[SAMPLES];
        for (int i = 0; i < SAMPLES + WARM_UP; i++) {
          double one = sample(address(i), log, sender, receiver);
          if (i >= WARM_UP) {
            millis[i - WARM_UP] = one;
          }
        }
        Arrays.sort(millis);
        System.out.printf(
            "latency: line written to last packet through, %d times, ms: p50 %.1f, p99 %.1f, max %.1f%n",
            SAMPLES, millis[SAMPLES / 2], millis[SAMPLES * 99 / 100], millis[SAMPLES - 1]);
      }
    }
  }

  private static double sample(String address, Path log, Command sender, Command receiver)
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
    long written = System.nanoTime();
    Files.writeString(log, line, StandardOpenOption.APPEND);
    long last = Long.parseLong(receiver.await("last ").substring("last ".length()));
    return (last - written) / 1e6;
  }

  private static String address(int i) {
    return "192.0.2." + (1 + i);
  }
}
