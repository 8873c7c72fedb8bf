package io.banstream.console;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the sockets of one delivery, and closes them when its time is up. A limit for each answer
 * is none: it begins anew with each byte that a server sends.
 */
final class TimedSockets extends SocketFactory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TimedSockets.class);

  private final List<Socket> sockets = new ArrayList<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private boolean timeUp;

  TimedSockets(Duration limit) {
    end.completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS).thenRun(this::timeIsUp);
  }

  private synchronized void timeIsUp() {
    timeUp = true;
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        LOG.debug("at the end of a connection", e);
      }
    }
  }

  synchronized boolean isTimeUp() {
    return timeUp;
  }

  @Override
  public synchronized Socket createSocket() throws IOException {
    if (timeUp) {
      throw new SocketTimeoutException("time is up");
    }
    Socket socket = new Socket();
    sockets.add(socket);
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException(); // Angus Mail connects by itself
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException();
  }

  /** The delivery is over in time; whoever made use of a socket has closed it. */
  @Override
  public void close() {
    end.cancel(false);
  }
}
