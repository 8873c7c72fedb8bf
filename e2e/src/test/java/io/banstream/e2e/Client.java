package io.banstream.e2e;

import io.banstream.testkit.Netns;
import java.util.Objects;

/**
 * Somebody who connects to a relay.
 *
 * @param netns where the connections are made
 * @param address one of that namespace's, which they come from
 */
record Client(Netns netns, String address) {
  Client {
    Objects.requireNonNull(netns);
    Objects.requireNonNull(address);
  }

  /** Whether a server there greets within three seconds; else its packets are dropped. */
  boolean isGreetedBy(String server, int port) {
    Netns.Result result =
        netns.tryRun(
            "timeout",
            "3",
            "sh",
            "-c",
            "nc -d -s \"$0\" \"$1\" \"$2\" | head -c 1",
            address,
            server,
            Integer.toString(port));
    return !result.output().isEmpty();
  }
}
