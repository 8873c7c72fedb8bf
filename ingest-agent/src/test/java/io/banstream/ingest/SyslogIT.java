package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.banstream.schemas.Attempt;
import io.banstream.testkit.Netns;
import io.banstream.testkit.TestBroker;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against real senders: logger, rsyslogd. */
class SyslogIT {
  private static final Path RSYSLOGD = Path.of("/usr/sbin/rsyslogd");
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;
  private TestBroker broker;
  private Fleet fleet;
  private int port;

  @BeforeEach
  void start() throws IOException {
    broker = TestBroker.start();
    fleet = Fleet.create(broker.bootstrapServers());
    fleet.push(Fleet.syslogJail("sasl"));
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  private String[] sockets() {
    return new String[] {
      "udp:127.0.0.1:" + port, "tcp:127.0.0.1:" + port, "unix:" + folder.resolve("log")
    };
  }

  private IngestAgent agent(Path data) throws Exception {
    List<SyslogAddress> sockets = Stream.of(sockets()).map(SyslogAddress::parse).toList();
    IngestAgent agent =
        IngestAgent.start(fleet.settings(data, new SyslogSettings(sockets, 1 << 20)));
    agent.ready().get(60, TimeUnit.SECONDS);
    return agent;
  }

  private List<String> lines() {
    return fleet.accepted("sasl").stream().map(Attempt::getLine).sorted().toList();
  }

  private static void logger(String message, String... how) throws Exception {
    List<String> command = new ArrayList<>(List.of("logger", "--tag", "smtpd", "--id=7"));
    command.addAll(List.of(how));
    command.add(message);
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void loggersMessagesArriveByEachSocketInEachForm() throws Exception {
    Netns.assumeTool("logger");
    Instant before = Instant.now().minusSeconds(2);
    try (IngestAgent agent = agent(folder.resolve("data"))) {
      int sent = 0;
      for (String transport : List.of("--udp", "--tcp")) {
        for (String form : List.of("--rfc3164", "--rfc5424")) {
          String[] how = {transport, form, "--server", "127.0.0.1", "--port", "" + port};
          logger("failure from 203.0.113." + sent++, how);
        }
      }
      String[] counted = {"--tcp", "--octet-count", "--server", "127.0.0.1", "--port", "" + port};
      logger("failure from 203.0.113." + sent++, counted);
      logger("failure from 203.0.113." + sent++, "--socket", folder.resolve("log").toString());
      int all = sent;
      await().atMost(LONG).until(() -> fleet.accepted("sasl").size() >= all);
      List<Attempt> attempts = fleet.accepted("sasl");
      assertThat(attempts)
          .extracting(Attempt::getAddress)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, all).mapToObj(i -> "203.0.113." + i).toList());
      assertThat(attempts)
          .allSatisfy(
              a -> {
                assertThat(a.getTime()).isBetween(before, Instant.now().plusSeconds(1));
                assertThat(a.getLine())
                    .matches("(\\S+ )?smtpd\\[7]: failure from 203\\.0\\.113\\.\\d");
                assertThat(a.getPosition().getSource()).isEqualTo("syslog");
              });
      assertThat(agent.check()).isEmpty();
    }
  }

  @Test
  void whatRsyslogForwardsArrivesAtItsTime() throws Exception {
    assumeTrue(Files.isExecutable(RSYSLOGD), "needs " + RSYSLOGD);
    Netns.assumeTool("logger");
    Path socket = folder.resolve("rsyslog-in");
    Path config = folder.resolve("rsyslog.conf");
    Files.writeString(
        config,
        """
        global(workDirectory="%1$s")
        module(load="imuxsock" SysSock.Use="off")
        input(type="imuxsock" Socket="%1$s/rsyslog-in")
        *.* action(type="omfwd" target="127.0.0.1" port="%2$d" protocol="tcp"
                   template="RSYSLOG_SyslogProtocol23Format" queue.type="LinkedList")
        """
            .formatted(folder, port));
    try (IngestAgent agent = agent(folder.resolve("data"))) {
      Instant before = Instant.now().minusSeconds(1);
      Process rsyslogd =
          new ProcessBuilder(
                  RSYSLOGD.toString(),
                  "-n",
                  "-f",
                  config.toString(),
                  "-i",
                  folder + "/rsyslogd.pid")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("rsyslogd.out").toFile())
              .start();
      try {
        await().atMost(LONG).until(() -> Files.exists(socket));
        logger("failure from 203.0.113.9", "--socket", socket.toString());
        await().atMost(LONG).until(() -> !fleet.accepted("sasl").isEmpty());
        Attempt attempt = fleet.accepted("sasl").get(0);
        assertThat(attempt.getAddress()).isEqualTo("203.0.113.9");
        assertThat(attempt.getTime()).isBetween(before, Instant.now().plusSeconds(1));
        assertThat(attempt.getLine()).endsWith(" smtpd[7]: failure from 203.0.113.9");
        assertThat(agent.check()).isEmpty();
      } finally {
        rsyslogd.destroy();
        rsyslogd.waitFor();
      }
    }
  }

  @Test
  void whatReachedTheSpoolIsCountedOnceThroughKills() throws Exception {
    Path data = folder.resolve("data");
    int sent = 0;
    for (int kill = 0; kill < 3; kill++) {
      Process agent = fleet.fork(data, sockets());
      try (Socket to = connected()) {
        OutputStream out = to.getOutputStream();
        for (int i = 0; i < 200; i++) {
          out.write(message(sent + i));
        }
        out.flush();
        sent += 200;
        int all = sent;
        // On disk, and perhaps sent, and perhaps in the checkpoint.
        await().atMost(LONG).until(() -> spooledAll(data, all));
      } finally {
        agent.destroyForcibly().waitFor();
      }
    }
    List<String> expected =
        IntStream.range(0, sent)
            .mapToObj(i -> new String(message(i), StandardCharsets.UTF_8).strip().substring(4))
            .sorted()
            .toList();
    try (IngestAgent agent = agent(data)) {
      await().atMost(LONG).until(() -> lines().equals(expected));
      assertThat(agent.check()).isEmpty();
    }
  }

  private static byte[] message(int i) {
    return "<38>relay1 smtpd: failure from 203.0.113.%d, mail %d\n"
        .formatted(i % 250, i)
        .getBytes(StandardCharsets.UTF_8);
  }

  private Socket connected() {
    List<Socket> open = new ArrayList<>();
    await()
        .atMost(LONG)
        .ignoreException(ConnectException.class)
        .until(() -> open.add(new Socket(InetAddress.getLoopbackAddress(), port)));
    return open.get(0);
  }

  private static boolean spooledAll(Path data, int sent) throws IOException {
    Path spool = data.resolve("spool");
    if (!Files.isDirectory(spool)) {
      return false;
    }
    try (Stream<Path> files = Files.list(spool)) {
      String last = "mail " + (sent - 1) + "\n";
      for (Path file : files.toList()) {
        if (Files.readString(file).contains(last)) {
          return true;
        }
      }
    }
    return false;
  }
}
