package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.enforcer.Knock.Answer;
import io.banstream.enforcer.NeverBanned.Exempt;
import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import io.banstream.testkit.Netns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The words in which cases say who knocks at a host and what comes of it, on every firewall alike.
 * A class has one host; each case finds its firewall as it was before the first.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PacketContract extends FirewallContract {
  static final String ONE = "192.0.2.1";
  static final String ONE6 = "2001:db8:1::1";

  /** Of other networks. */
  static final String OTHER = "203.0.113.130";

  static final String OTHER6 = "2001:db8:2::1";

  private static final String[] PLAIN = {"tcp 25", "udp 25"};
  static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path data;
  private HostUnderAttack host;
  private Firewall firewall;
  Netns relay;
  Keeper keeper;

  abstract FirewallKind kind();

  abstract Tools tools();

  /** What else runs on the host. */
  void equip() throws Exception {}

  /** Remembers the firewall as it is now. */
  abstract void remember();

  /** Puts back what was remembered, and takes out all else. */
  abstract void putBack();

  @BeforeAll
  void build() throws Exception {
    Tools tools = tools();
    Netns.assumeAvailable("ping", "nft", "ipset", tools.iptables(), tools.ip6tables());
    host = new HostUnderAttack();
    relay = host.relay();
    equip();
    remember();
  }

  @AfterAll
  void demolish() {
    if (host != null) {
      host.close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    firewall = FirewallChoice.make(settings(), shell(), tools()).firewall();
  }

  @AfterEach
  void close() {
    if (firewall != null) {
      firewall.close();
      putBack();
    }
  }

  private EnforcerSettings settings() {
    KafkaConnection nobody =
        new KafkaConnection(
            Map.of("bootstrap.servers", "127.0.0.1:1"), new Topics(""), Optional.empty());
    return new EnforcerSettings(
        nobody,
        table.host(),
        "default",
        data,
        kind(),
        InstantSource.system(),
        relay.prefix(),
        false,
        Optional.empty(),
        line -> {});
  }

  final Shell shell() {
    return new Shell(relay.prefix(), LIMIT);
  }

  @Override
  final Firewall firewall() {
    return firewall;
  }

  final HostUnderAttack host() {
    return host;
  }

  /** An enforcer begins, with the table as it is. */
  final void begin(Exempt... exempt) {
    Instant now = Instant.now();
    keeper =
        new Keeper(
            firewall,
            table,
            List.of(exempt),
            List.of(),
            new Cutter(List.of(), Optional.empty()),
            now);
    keeper.restore(now);
    assertRight();
  }

  /** The enforcer ends; the next one, which has not begun yet, opens the firewall. */
  final void reopen() {
    firewall.close();
    try {
      open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertRight() {
    assertThat(keeper.wrong()).isEmpty();
  }

  /** It takes these decisions: everything is closed to them for ten minutes. */
  final void bans(String... addresses) {
    Instant until = in(600);
    for (String address : addresses) {
      decide("manual", address, until);
    }
  }

  final void decide(String jail, String address, Instant until) {
    ban(jail, address, until);
    take(jail, address);
  }

  final void lift(String jail, String address) {
    lift(jail, address, DecisionKey.FLEET);
  }

  final void lift(String jail, String address, String reach) {
    table.unban(new DecisionKey(Address.parse(address), jail, reach));
    take(jail, address);
  }

  private void take(String jail, String address) {
    take(touched -> touched.entry(entry(jail, address)));
  }

  /** It takes what was changed in the table. */
  final void take(Consumer<Touched> change) {
    Touched touched = new Touched();
    change.accept(touched);
    Instant now = Instant.now();
    keeper.take(touched, now);
    keeper.restore(now);
    assertRight();
  }

  /** It looks after what others may have done, as it does now and then. */
  final void look() {
    Instant now = Instant.now();
    keeper.compare(now);
    keeper.restore(now);
    assertRight();
    assertThat(firewall.rulesStand()).isTrue();
  }

  /** What comes of knocks from an address: by default, of a connection and of a datagram. */
  static Map<Knock, Answer> seen(Answer answer, String from, String... knocks) {
    String to = from.contains(":") ? HostUnderAttack.HOST6 : HostUnderAttack.HOST;
    return seenAt(to, answer, from, knocks);
  }

  static Map<Knock, Answer> seenAt(String to, Answer answer, String from, String... knocks) {
    Map<Knock, Answer> seen = new LinkedHashMap<>();
    for (String knock : knocks.length == 0 ? PLAIN : knocks) {
      seen.put(Knock.parse(knock, from, to), answer);
    }
    return seen;
  }

  static Map<Knock, Answer> silent(String from, String... knocks) {
    return seen(Answer.SILENT, from, knocks);
  }

  static Map<Knock, Answer> answered(String from, String... knocks) {
    return seen(Answer.ANSWERED, from, knocks);
  }

  /** Knocks, all at once; and so it comes, while others than the banned get through. */
  @SafeVarargs
  final void expect(Map<Knock, Answer>... all) {
    Map<Knock, Answer> expected = new LinkedHashMap<>();
    List.of(all).forEach(expected::putAll);
    expected.putAll(answered(HostUnderAttack.GATEWAY));
    expected.putAll(answered(HostUnderAttack.GATEWAY6));
    assertThat(host.knock(expected)).isEqualTo(expected);
  }

  /** Not one datagram of these gets through, whatever happens meanwhile. */
  final void neverOpen(List<String> banned, Runnable meanwhile) {
    List<Knock> ever = new ArrayList<>();
    for (String free : List.of(HostUnderAttack.GATEWAY, HostUnderAttack.GATEWAY6)) {
      ever.addAll(answered(free, "udp 25").keySet());
    }
    List<Knock> knocks = new ArrayList<>(ever);
    banned.forEach(address -> knocks.addAll(silent(address, "udp 25").keySet()));
    Map<Knock, Integer> answers = host.flood(knocks, ever, meanwhile);
    ever.forEach(knock -> assertThat(answers.remove(knock)).isPositive());
    assertThat(answers.values()).as("%s", answers).hasSize(banned.size()).containsOnly(0);
  }
}
