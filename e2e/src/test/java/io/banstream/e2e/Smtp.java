package io.banstream.e2e;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A port that answers in a relay's namespace, and whether packets of an address reach it. */
final class Smtp implements AutoCloseable {
  private final Process listener;
  private final String address;
  private final int port;

  private Smtp(Process listener, String address, int port) {
    this.listener = listener;
    this.address = address;
    this.port = port;
  }

  static Smtp listen(Netns relay, String address, int port) throws IOException {
    Process listener = relay.start("nc", "-l", "-k", address, Integer.toString(port));
    Smtp smtp = new Smtp(listener, address, port);
    Awaitility.await("nc listens")
        .atMost(Banstream.LIMIT)
        .until(() -> relay.run("ss", "-Hltn", "sport = :" + port).contains(":" + port));
    return smtp;
  }

  /** Whether a SYN of {@code source} is answered within two seconds. */
  boolean answers(Netns attacker, String source) {
    return attacker
            .tryRun("nc", "-z", "-w", "2", "-s", source, address, Integer.toString(port))
            .exit()
        == 0;
  }

  void awaitAnswer(Netns attacker, String source) {
    Awaitility.await(source + " gets through")
        .atMost(Banstream.LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> answers(attacker, source));
  }

  @Override
  public void close() {
    listener.destroyForcibly();
  }
}
