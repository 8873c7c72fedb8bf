package io.banstream.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Lines to and from a server, over a connection that is made in a client's namespace. */
final class Conversation implements AutoCloseable {
  private final Process process;
  private final BufferedReader in;
  private final Writer out;
  private final List<String> heard = new ArrayList<>();

  private Conversation(Process process) {
    this.process = process;
    this.in = new BufferedReader(new InputStreamReader(process.getInputStream(), ISO_8859_1));
    this.out = process.outputWriter(ISO_8859_1);
  }

  static Conversation open(Client client, String server, int port) throws IOException {
    String limit = Long.toString(Banstream.LIMIT.toSeconds());
    return new Conversation(
        client
            .netns()
            .start("timeout", limit, "nc", "-s", client.address(), server, Integer.toString(port)));
  }

  void say(String line) throws IOException {
    out.write(line + "\r\n");
    out.flush();
  }

  /** Reads on to a line that begins with {@code start}; fails where the connection ends first. */
  String hear(String start) throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      heard.add(line);
      if (line.startsWith(start)) {
        return line;
      }
    }
    throw new AssertionError("ended without '" + start + "': " + String.join("\n", heard));
  }

  /** Reads on until the server closes the connection. */
  void hearOut() throws IOException {
    // With its input open, nc would outlive the connection.
    out.close();
    while (in.readLine() != null) {
      // What it says in parting is of no interest.
    }
  }

  /** Cuts the connection, whatever the server still has to say. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(Banstream.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("nc does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
