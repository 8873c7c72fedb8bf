package io.banstream.enforcer;

import io.banstream.enforcer.Knock.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A process that knocks, all at once, at doors it is told of by lines: each knock as a word, marked
 * by {@code +} where an answer is to be waited for. It gives a line of as many answers. A knock
 * that is not waited for has the others' time, and {@link #SILENCE} more.
 *
 * <p>After the word {@link #FLOOD} it goes on knocking, by udp and without a wait, until an empty
 * line comes: {@link #FLOODING} once those that are waited for were answered, and at the end how
 * many times each was.
 */
final class Knocking {
  static final String FLOOD = "flood";
  static final String FLOODING = "FLOODING";

  /** What has not come back so long after all else is not coming: a packet has 0.1 ms to go. */
  private static final long SILENCE = TimeUnit.MILLISECONDS.toNanos(150);

  private static final long LIMIT = TimeUnit.SECONDS.toNanos(30);

  /** What is answered would have all the time if it were sent as often as what is not. */
  private static final int FREE_ROUNDS = 100;

  /** A knock's socket; once it has its answer, nobody waits for it. */
  private static final class Try {
    private final Knock knock;
    private final SelectableChannel channel;
    private Answer answer = Answer.SILENT;
    private boolean awaited;
    private int count;

    private Try(Knock knock, SelectableChannel channel, boolean awaited) {
      this.knock = knock;
      this.channel = channel;
      this.awaited = awaited;
    }

    private void ends(Answer with) {
      answer = with;
      awaited = false;
    }
  }

  private final BufferedReader orders =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private final Map<Knock, SocketChannel> held = new HashMap<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(64);

  public static void main(String[] none) throws IOException {
    Knocking knocking = new Knocking();
    for (String line = knocking.orders.readLine();
        line != null;
        line = knocking.orders.readLine()) {
      List<String> words = new ArrayList<>(List.of(line.split(" ")));
      System.out.println(words.remove(FLOOD) ? knocking.flood(words) : knocking.knock(words));
    }
  }

  private String knock(List<String> words) throws IOException {
    try (Selector selector = Selector.open()) {
      List<Try> tries = begin(words, selector);
      long limit = System.nanoTime() + LIMIT;
      long until = limit;
      while (System.nanoTime() < Math.min(limit, until)) {
        selector.select(this::hear, 10);
        if (until == limit && tries.stream().noneMatch(t -> t.awaited)) {
          boolean all = tries.stream().noneMatch(t -> t.answer == Answer.SILENT);
          until = System.nanoTime() + (all ? 0 : SILENCE);
        }
      }
      end(tries);
      return tries.stream().map(t -> t.answer.name()).collect(Collectors.joining(" "));
    }
  }

  /** Without a pause: who is let in for a tenth of a millisecond is seen. */
  private String flood(List<String> words) throws IOException {
    try (Selector selector = Selector.open()) {
      List<Try> tries = begin(words, selector);
      List<Try> free = tries.stream().filter(t -> t.awaited).toList();
      boolean begun = false;
      for (int round = 0; !orders.ready(); round++) {
        for (Try each : tries) {
          if (round % FREE_ROUNDS == 0 || !free.contains(each)) {
            send(each);
          }
        }
        selector.selectNow(this::hear);
        if (!begun && free.stream().noneMatch(t -> t.awaited)) {
          begun = true;
          System.out.println(FLOODING);
        }
      }
      orders.readLine();
      long until = System.nanoTime() + SILENCE;
      while (System.nanoTime() < until) {
        selector.select(this::hear, 10);
      }
      end(tries);
      return tries.stream().map(t -> Integer.toString(t.count)).collect(Collectors.joining(" "));
    }
  }

  private List<Try> begin(List<String> words, Selector selector) throws IOException {
    List<Try> tries = new ArrayList<>();
    for (String word : words) {
      boolean awaited = word.startsWith("+");
      Knock knock = Knock.ofWord(awaited ? word.substring(1) : word);
      Try begun = new Try(knock, open(knock), awaited);
      tries.add(begun);
      boolean connecting = begun.channel instanceof SocketChannel tcp && !tcp.isConnected();
      begun.channel.register(
          selector, connecting ? SelectionKey.OP_CONNECT : SelectionKey.OP_READ, begun);
      if (!connecting) {
        send(begun);
      }
    }
    return tries;
  }

  private SelectableChannel open(Knock knock) throws IOException {
    if (held.containsKey(knock)) {
      return held.get(knock);
    }
    InetSocketAddress from = new InetSocketAddress(InetAddress.getByName(knock.from()), 0);
    InetSocketAddress to = new InetSocketAddress(InetAddress.getByName(knock.to()), knock.port());
    if (knock.protocol().equals("udp")) {
      DatagramChannel udp = DatagramChannel.open();
      udp.bind(from).connect(to).configureBlocking(false);
      return udp;
    }
    SocketChannel tcp = SocketChannel.open();
    tcp.bind(from).configureBlocking(false);
    tcp.connect(to);
    if (knock.protocol().equals("held")) {
      held.put(knock, tcp);
    }
    return tcp;
  }

  private void hear(SelectionKey key) {
    Try heard = (Try) key.attachment();
    try {
      if (key.isConnectable()) {
        ((SocketChannel) heard.channel).finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        send(heard);
      } else if (((ByteChannel) heard.channel).read(buffer.clear()) > 0) {
        heard.count++;
        heard.ends(Answer.ANSWERED);
      } else {
        throw new ConnectException("closed");
      }
    } catch (ConnectException | PortUnreachableException e) {
      key.cancel();
      heard.ends(Answer.REFUSED);
    } catch (IOException e) {
      key.cancel();
      heard.ends(Answer.UNREACHABLE);
    }
  }

  private static void send(Try begun) throws IOException {
    ((ByteChannel) begun.channel).write(ByteBuffer.wrap(new byte[1]));
  }

  private void end(List<Try> tries) throws IOException {
    for (Try each : tries) {
      if (!held.containsKey(each.knock)) {
        if (each.channel instanceof SocketChannel tcp && tcp.isOpen()) {
          tcp.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        each.channel.close();
      }
    }
  }
}
