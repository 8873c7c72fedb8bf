package io.banstream.console;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** An SMTP server on loopback that, from one command on, sends a byte now and then, for ever. */
final class TricklingServer implements AutoCloseable {
  /** A record of a TLS handshake, whose 16 KiB are to come. */
  private static final String TLS_RECORD = "\u0016\u0003\u0003\u003f\u007f";

  private static final String ANSWER = "250-";
  private static final long PAUSE_MILLIS = 10;

  private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final String from;
  private final String begin;
  private final Thread thread = new Thread(this::serve, "trickling-server");

  /**
   * @param from the command whose answer has no end; empty: the greeting has none
   * @param begin what that answer begins with
   */
  private TricklingServer(String from, String begin) throws IOException {
    this.from = from;
    this.begin = begin;
    thread.setDaemon(true);
    thread.start();
  }

  static TricklingServer from(String command) throws IOException {
    return new TricklingServer(command, ANSWER);
  }

  static TricklingServer inTls() throws IOException {
    return new TricklingServer("", TLS_RECORD);
  }

  int port() {
    return server.getLocalPort();
  }

  private void serve() {
    try (Socket client = server.accept()) {
      OutputStream out = client.getOutputStream();
      BufferedReader in =
          new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
      String line = "";
      while (line != null && !line.startsWith(from)) {
        out.write((answer(line) + "\r\n").getBytes(US_ASCII));
        line = in.readLine();
        while (line != null && !line.matches("EHLO.*|MAIL.*|RCPT.*|DATA|[.]|QUIT")) {
          line = in.readLine(); // the mail
        }
      }
      out.write(begin.getBytes(US_ASCII));
      while (line != null) {
        out.write('x');
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (IOException | InterruptedException e) {
      // the client has had enough
    }
  }

  private static String answer(String line) {
    return line.isEmpty() ? "220 here" : line.equals("DATA") ? "354 go on" : "250 well";
  }

  /** Returns once the client has closed its connection. */
  void awaitLeft() throws InterruptedException {
    thread.join();
  }

  @Override
  public void close() throws IOException {
    server.close();
    thread.interrupt();
  }
}
