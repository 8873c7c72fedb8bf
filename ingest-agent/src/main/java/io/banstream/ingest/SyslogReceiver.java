package io.banstream.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes what comes by the sockets to the spool, in a thread of its own. Where the spool takes no
 * more, streams are left unread, so their senders wait; datagrams are dropped, counted and told.
 */
final class SyslogReceiver implements Closeable {
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration SYNC = Duration.ofSeconds(1);
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /** With more, the one that was silent for the longest gives way. */
  private static final int CONNECTIONS = 256;

  /** Bytes of a stream, and datagrams, that are taken before the others have their turn. */
  private static final int TURN = 16 * 1024;

  private static final int DATAGRAMS = 256;

  /** At the end: a sender that never stops must not keep it from ending. */
  private static final int LAST_ROUNDS = 64;

  private final SyslogSockets sockets;
  private final Spool spool;
  private final InstantSource clock;
  private final Runnable news;
  private final Trouble trouble = new Trouble("syslog sockets");
  private final Trouble accepting = new Trouble("syslog sockets");
  private final Selector selector;
  private final Thread thread;
  private final CompletableFuture<Void> ended;
  private final AtomicLong leftOut = new AtomicLong();
  private final ByteBuffer buffer = ByteBuffer.allocate(TURN);
  private volatile Optional<String> problem = Optional.empty();
  private volatile boolean closing;
  private Instant now;

  /**
   * The spool could not be written: what it was given waits in memory, and nothing more is taken.
   */
  private boolean failing;

  private Instant nextSync = Instant.EPOCH;

  /** Datagrams dropped since the spool was last full. */
  private long dropped;

  /** A connection, by its key. */
  private static final class Connection {
    private final Framing framing;
    private Instant lastHeard;

    Connection(Framing framing, Instant now) {
      this.framing = framing;
      this.lastHeard = now;
    }
  }

  /**
   * Begins to take messages.
   *
   * @param news called when there is something new in the spool
   * @param ended failed when it can't go on
   */
  SyslogReceiver(
      SyslogSockets sockets,
      Spool spool,
      InstantSource clock,
      Runnable news,
      CompletableFuture<Void> ended)
      throws IOException {
    this.sockets = sockets;
    this.spool = spool;
    this.clock = clock;
    this.news = news;
    this.ended = ended;
    this.now = clock.instant();
    this.selector = Selector.open();
    for (SelectableChannel channel : sockets.channels()) {
      boolean udp = channel instanceof DatagramChannel;
      channel.register(selector, udp ? SelectionKey.OP_READ : SelectionKey.OP_ACCEPT);
    }
    this.thread = new Thread(this::run, "ingest-syslog");
    thread.setDaemon(true);
    thread.start();
  }

  Spool spool() {
    return spool;
  }

  /** Messages that did not reach the spool: too long, cut off, or no room for them. */
  long leftOut() {
    return leftOut.get();
  }

  Optional<String> problem() {
    return problem;
  }

  private void run() {
    try {
      while (!closing) {
        selector.select(LOOK.toMillis());
        round();
      }
      for (int i = 0; i < LAST_ROUNDS && selector.selectNow() > 0; i++) {
        round(); // what has come by now
      }
      spool.sync();
    } catch (IOException | RuntimeException | Error e) {
      problem = Optional.of("stopped: " + e);
      ended.completeExceptionally(e);
    }
  }

  private void round() throws IOException {
    now = clock.instant();
    write();
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid() && key.isAcceptable()) {
        accept(key);
      } else if (key.isValid() && key.isReadable()) {
        if (key.channel() instanceof DatagramChannel udp) {
          datagrams(udp);
        } else {
          stream(key, (Connection) key.attachment());
        }
      }
    }
    selector.selectedKeys().clear();
    write();
    tell();
    for (SelectionKey key : selector.keys()) {
      if (key.isValid() && key.attachment() instanceof Connection) {
        key.interestOps(hasRoom() ? SelectionKey.OP_READ : 0);
      }
    }
  }

  private boolean hasRoom() {
    return !failing && spool.hasRoom();
  }

  /** Has the spool write what it was given, and now and then the disk keep it. */
  private void write() {
    try {
      if (spool.flush()) {
        news.run();
      }
      if (!now.isBefore(nextSync)) {
        nextSync = now.plus(SYNC);
        spool.sync();
        acceptAgain();
      }
      failing = false;
    } catch (IOException e) {
      failed(e);
    }
  }

  private void failed(IOException e) {
    failing = true;
    trouble.is("the spool can't be written, senders wait: " + e.getMessage() + lost());
  }

  private void tell() {
    if (hasRoom()) {
      trouble.over();
      dropped = 0;
    } else if (!failing) {
      long mib = spool.most() >> 20;
      trouble.is("the spool is full (" + mib + " MiB), senders wait for the broker" + lost());
    }
    problem = trouble.now().or(accepting::now);
  }

  /** Rounded, so that not each one is a line in the log. */
  private String lost() {
    if (dropped == 0) {
      return "";
    }
    long rounded = Long.highestOneBit(dropped);
    return "; UDP messages were dropped, " + rounded + " or more";
  }

  private void accept(SelectionKey key) {
    ServerSocketChannel server = (ServerSocketChannel) key.channel();
    try {
      for (SocketChannel one = server.accept(); one != null; one = server.accept()) {
        one.configureBlocking(false);
        makeWay();
        Connection connection = new Connection(new Framing(new Spooling()), now);
        one.register(selector, SelectionKey.OP_READ, connection);
        accepting.over();
      }
    } catch (IOException e) {
      accepting.is("a connection can't be taken: " + e.getMessage());
      key.interestOps(0); // what waits would be told again at once, and again
    }
  }

  private void acceptAgain() {
    for (SelectionKey key : selector.keys()) {
      if (key.isValid() && key.channel() instanceof ServerSocketChannel) {
        key.interestOps(SelectionKey.OP_ACCEPT);
      }
    }
  }

  private void makeWay() {
    var open =
        selector.keys().stream()
            .filter(k -> k.isValid() && k.attachment() instanceof Connection)
            .toList();
    if (open.size() >= CONNECTIONS) {
      open.stream()
          .min(Comparator.comparing(k -> ((Connection) k.attachment()).lastHeard))
          .ifPresent(k -> end(k, (Connection) k.attachment()));
    }
  }

  private void stream(SelectionKey key, Connection from) {
    if (!hasRoom()) {
      return;
    }
    from.lastHeard = now;
    try {
      buffer.clear();
      int read = ((SocketChannel) key.channel()).read(buffer);
      buffer.flip();
      if (read < 0 || !from.framing.take(buffer)) {
        end(key, from);
      }
    } catch (IOException e) {
      end(key, from); // the sender has broken it off
    }
  }

  private void end(SelectionKey key, Connection of) {
    of.framing.end();
    try {
      key.channel().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void datagrams(DatagramChannel udp) throws IOException {
    Framing.Messages messages = new Spooling();
    for (int i = 0; i < DATAGRAMS; i++) {
      buffer.clear();
      SocketAddress sender = udp.receive(buffer);
      if (sender == null) {
        return;
      }
      if (buffer.position() > Framing.LONGEST) {
        messages.leftOut();
      } else if (!hasRoom()) {
        dropped++;
        messages.leftOut();
      } else {
        messages.message(buffer.array(), 0, buffer.position());
      }
    }
  }

  /** What framing finds goes to the spool. */
  private final class Spooling implements Framing.Messages {
    @Override
    public void message(byte[] buf, int from, int to) {
      try {
        spool.append(now, SyslogMessage.parse(buf, from, to));
      } catch (IOException e) {
        failed(e); // the spool keeps the message, and tries again
      }
    }

    @Override
    public void leftOut() {
      leftOut.incrementAndGet();
    }
  }

  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    try {
      thread.join(CLOSING.toMillis());
      selector.close();
      sockets.close();
      spool.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
