package io.banstream.enforcer;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the connections that banned addresses have to their jail's ports, where the jail has
 * {@code cut = yes}. The firewall drops their packets in any case; without a cut the server keeps
 * such a connection, and its process, until it tires of the silence. By {@code ss -K}, which needs
 * Linux 4.9 with INET_DIAG_DESTROY. In a thread of its own, which keeps no ban.
 */
final class Cutter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Cutter.class);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int AT_ONCE = 100;
  private static final long IDLE_SECONDS = 10;
  private static final Set<String> OF_TCP = Set.of("tcp", "all");

  /** What goes through here ends on another host. */
  private static final String ELSEWHERE = "FORWARD";

  /**
   * @param doors of each jail that cuts
   */
  private record Banned(Collection<Entry> entries, Map<String, List<Closure>> doors) {}

  private final Shell shell;
  private final Optional<Consumer<String>> dryRun;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Cutter::daemon,
          new ThreadPoolExecutor.DiscardPolicy());
  private List<Banned> waiting = new ArrayList<>();
  private volatile Optional<String> problem = Optional.empty();

  /** The last that were to be closed were not: that there are none to close mends nothing. */
  private volatile boolean failing;

  /**
   * @param commandPrefix words put before every command
   * @param dryRun gets the commands that close connections; empty: they are run
   */
  Cutter(List<String> commandPrefix, Optional<Consumer<String>> dryRun) {
    this.shell = new Shell(commandPrefix, LIMIT);
    this.dryRun = dryRun;
    thread.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "enforcer-cut");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The kernel has these bans.
   *
   * @param doors of each jail that cuts; entries of other jails are passed over
   */
  synchronized void banned(Collection<Entry> entries, Map<String, List<Closure>> doors) {
    waiting.add(new Banned(entries, doors));
    if (waiting.size() == 1) {
      thread.execute(this::run);
    }
  }

  private synchronized List<Banned> take() {
    List<Banned> taken = waiting;
    waiting = new ArrayList<>();
    return taken;
  }

  private void run() {
    List<Banned> all = take();
    try {
      cut(all);
      if (!failing) {
        tell(Optional.empty());
      }
    } catch (FirewallException e) {
      tell(Optional.of("connections are not cut: " + e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("cutting connections failed", e);
    }
  }

  private void tell(Optional<String> now) {
    if (!now.equals(problem)) {
      now.ifPresent(LOG::warn);
      problem = now;
    }
  }

  private void cut(List<Banned> all) {
    Map<Address, List<Connection>> byPeer = new HashMap<>();
    connections().forEach(c -> byPeer.computeIfAbsent(c.peer(), p -> new ArrayList<>()).add(c));
    Set<Connection> wanted = new LinkedHashSet<>();
    for (Banned banned : all) {
      for (Entry entry : banned.entries()) {
        List<Closure> doors = banned.doors().get(entry.jail());
        if (doors != null) {
          of(entry.address(), byPeer).filter(c -> isClosed(c.port(), doors)).forEach(wanted::add);
        }
      }
    }
    List<Connection> each = List.copyOf(wanted);
    for (int i = 0; i < each.size(); i += AT_ONCE) {
      close(each.subList(i, Math.min(each.size(), i + AT_ONCE)));
    }
  }

  private static Stream<Connection> of(Address banned, Map<Address, List<Connection>> byPeer) {
    return banned.isNetwork()
        ? byPeer.entrySet().stream()
            .filter(e -> banned.contains(e.getKey()))
            .flatMap(e -> e.getValue().stream())
        : byPeer.getOrDefault(banned, List.of()).stream();
  }

  private static boolean isClosed(int port, List<Closure> doors) {
    return doors.stream()
        .filter(c -> OF_TCP.contains(c.protocol()) && !c.chain().equals(ELSEWHERE))
        .anyMatch(
            c ->
                c.ports().isEmpty()
                    || c.ports().stream().anyMatch(p -> p.first() <= port && port <= p.last()));
  }

  private List<Connection> connections() {
    return shell
        .require(List.of("ss", "-tn"), "")
        .lines()
        .flatMap(line -> Connection.parse(line).stream())
        .toList();
  }

  private void close(List<Connection> wanted) {
    String which = String.join(" or ", wanted.stream().map(Connection::words).toList());
    if (dryRun.isPresent()) {
      dryRun.get().accept("ss -Ktn '" + which + "'");
      return;
    }
    failing = true;
    shell.require(List.of("ss", "-Ktn", which), "");
    Connection first = wanted.get(0);
    if (connections().stream().anyMatch(c -> c.open() && wanted.contains(c))) {
      throw new FirewallException("this kernel closes none (it has no INET_DIAG_DESTROY)");
    }
    failing = false;
    LOG.info("closed {} connections of banned addresses, {} first", wanted.size(), first.peer());
  }

  /** Why connections that should be are not closed. */
  Optional<String> problem() {
    return problem;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
