package io.banstream.enforcer;

import io.banstream.enforcer.Knock.Answer;
import io.banstream.testkit.Netns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A host, one behind it that it forwards to, and an attacker who has every address of some
 * networks: each in a namespace of its own. The host gives back what it is sent; whether it does,
 * the attacker's knocks tell.
 */
final class HostUnderAttack implements AutoCloseable {
  static final String HOST = "198.51.100.1";
  static final String HOST6 = "2001:db8::1";
  static final String BEHIND = "203.0.113.2";
  static final String BEHIND6 = "2001:db8:f::2";

  /** The attacker's end of the cable, and the host's way to everywhere. */
  static final String GATEWAY = "198.51.100.2";

  static final String GATEWAY6 = "2001:db8::2";

  private static final String ATTACKER =
      """
      ip -6 addr add 2001:db8::2/64 nodad dev %1$s
      ip route add default via 198.51.100.1
      ip -6 route add default via 2001:db8::1
      ip route add local 192.0.2.0/24 dev lo
      ip route add local 203.0.113.128/25 dev lo
      ip -6 route add local 2001:db8:1::/48 dev lo
      ip -6 route add local 2001:db8:2::/48 dev lo
      echo 1 >/proc/sys/net/ipv6/ip_nonlocal_bind
      """;
  private static final String RELAY =
      """
      ip -6 addr add 2001:db8::1/64 nodad dev %1$s
      ip -6 addr add 2001:db8:f::1/64 nodad dev %2$s
      ip route add default via 198.51.100.2
      ip -6 route add default via 2001:db8::2
      echo 1 >/proc/sys/net/ipv4/ip_forward
      echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
      """;
  private static final String OTHER_HOST =
      """
      ip -6 addr add 2001:db8:f::2/64 nodad dev %1$s
      ip route add default via 203.0.113.1
      ip -6 route add default via 2001:db8:f::1
      """;

  /** What a case may name, and one beside each. */
  private static final int[] PORTS =
      IntStream.concat(IntStream.of(25, 26, 53, 80, 465, 995), IntStream.rangeClosed(2000, 2021))
          .toArray();

  private static final String PING_PATIENCE = "10";
  private static final String PING_SILENCE = "0.2";

  /** A conversation with a process in a namespace. */
  private record Talk(BufferedReader out, PrintWriter in) {
    /** Its next line; what a JVM says of its own is left out. */
    String hear() {
      List<String> others = new ArrayList<>();
      try {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          if (line.matches("[A-Z0-9 ]+")) {
            return line;
          }
          others.add(line);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      throw new IllegalStateException("ended: " + String.join("\n", others));
    }
  }

  private final Netns relay = Netns.create("relay");
  private final Netns attacker = Netns.create("attacker");
  private final Netns behind = Netns.create("behind");
  private final Talk knocking;

  HostUnderAttack() throws IOException {
    relay.link(HOST + "/24", attacker, GATEWAY + "/24");
    relay.link("203.0.113.1/29", behind, BEHIND + "/29");
    sh(attacker, ATTACKER, device(attacker, GATEWAY));
    sh(relay, RELAY, device(relay, HOST), device(relay, "203.0.113.1"));
    sh(behind, OTHER_HOST, device(behind, BEHIND));
    List<Talk> listening =
        List.of(talk(relay, Listening.class, PORTS), talk(behind, Listening.class, PORTS));
    knocking = talk(attacker, Knocking.class);
    listening.forEach(Talk::hear);
  }

  private static String device(Netns host, String address) {
    return host.run("ip", "-o", "addr", "show", "to", address).split("\\s+")[1];
  }

  private static void sh(Netns host, String script, Object... words) {
    host.run("sh", "-ec", script.formatted(words));
  }

  private static Talk talk(Netns host, Class<?> main, int... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx16m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    IntStream.of(words).mapToObj(Integer::toString).forEach(command::add);
    Process process = host.start(command.toArray(String[]::new));
    return new Talk(
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
        new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8));
  }

  Netns relay() {
    return relay;
  }

  /**
   * Knocks.
   *
   * @param expected where an answer is expected it is waited for; silence is, once all of those are
   *     there
   * @return what came of each
   */
  Map<Knock, Answer> knock(Map<Knock, Answer> expected) {
    // Those that are to be silent first: so their packets are ahead of an answer that is waited
    // for.
    List<Knock> knocks =
        expected.keySet().stream()
            .filter(knock -> !isPing(knock))
            .sorted(Comparator.comparing(knock -> isAwaited(expected.get(knock))))
            .toList();
    String[] answers =
        ask(knocks.stream().map(k -> word(k, isAwaited(expected.get(k)))).toList()).split(" ");
    Map<Knock, Answer> seen = new LinkedHashMap<>(expected);
    for (int i = 0; i < answers.length; i++) {
      seen.put(knocks.get(i), Answer.valueOf(answers[i]));
    }
    expected.keySet().stream()
        .filter(HostUnderAttack::isPing)
        .forEach(knock -> seen.put(knock, ping(knock, isAwaited(expected.get(knock)))));
    return seen;
  }

  private String ask(List<String> words) {
    knocking.in.println(String.join(" ", words));
    return knocking.hear();
  }

  /**
   * Sends datagrams all the while.
   *
   * @param ever those of these that get an answer at all times
   * @return how many answers each got
   */
  Map<Knock, Integer> flood(List<Knock> knocks, List<Knock> ever, Runnable meanwhile) {
    List<String> words = new ArrayList<>(List.of(Knocking.FLOOD));
    knocks.forEach(knock -> words.add(word(knock, ever.contains(knock))));
    ask(words);
    String[] counts;
    try {
      meanwhile.run();
    } finally {
      knocking.in.println();
      counts = knocking.hear().split(" ");
    }
    Map<Knock, Integer> answers = new LinkedHashMap<>();
    for (int i = 0; i < counts.length; i++) {
      answers.put(knocks.get(i), Integer.valueOf(counts[i]));
    }
    return answers;
  }

  private static String word(Knock knock, boolean awaited) {
    return (awaited ? "+" : "") + knock.word();
  }

  private static boolean isAwaited(Answer answer) {
    return answer != Answer.SILENT;
  }

  private static boolean isPing(Knock knock) {
    return knock.protocol().equals("icmp");
  }

  private Answer ping(Knock knock, boolean awaited) {
    String patience = awaited ? PING_PATIENCE : PING_SILENCE;
    return attacker.tryRun("ping", "-c1", "-W", patience, "-I", knock.from(), knock.to()).exit()
            == 0
        ? Answer.ANSWERED
        : Answer.SILENT;
  }

  /** How many times the attacker was told by icmp that he can't get somewhere. */
  long toldUnreachable() {
    String counters = attacker.run("cat", "/proc/net/snmp", "/proc/net/snmp6");
    List<List<String>> icmp =
        counters
            .lines()
            .filter(line -> line.matches("Icmp6?(: |InDestUnreachs).*"))
            .map(line -> List.of(line.split("\\s+")))
            .toList();
    int column = icmp.get(0).indexOf("InDestUnreachs");
    return Long.parseLong(icmp.get(1).get(column)) + Long.parseLong(icmp.get(2).get(1));
  }

  @Override
  public void close() {
    relay.close();
    attacker.close();
    behind.close();
  }
}
