package io.banstream.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.banstream.jails.Configuration;
import io.banstream.jails.FilterSet;
import io.banstream.jails.LineMatcher;
import io.banstream.jails.Match;
import io.banstream.jails.MatchSettings;
import io.banstream.testkit.Netns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What our filters see of what real servers log: each way to fail a login, and to make one, from an
 * address of its own, over both families, in both formats of the log.
 */
class RealLinesIT {
  private static final String SERVER4 = "198.51.100.1";
  private static final String SERVER6 = "2001:db8::1";

  /** Fewer than sshd's MaxStartups begins to refuse. */
  private static final int AT_ONCE = 6;

  @TempDir Path work;

  private record Tried(Login login, String address) {}

  @TestFactory
  Stream<DynamicTest> filtersSeeFailuresAndSuccessesAndNothingElse() throws Exception {
    MailRelay.assumeAvailable();
    try (Netns host = Netns.create("relay");
        Netns clients = Netns.create("clients")) {
      host.link(SERVER4 + "/24", clients, "198.51.100.2/24");
      host.link(SERVER6 + "/64", clients, "2001:db8::2/64");
      host.run("ip", "route", "add", "203.0.113.0/24", "via", "198.51.100.2");
      host.run("ip", "route", "add", "2001:db8:1::/64", "via", "2001:db8::2");
      try (MailRelay relay = MailRelay.start(host, work, true)) {
        List<Tried> tried = tryAll(relay, clients);
        List<DynamicTest> tests = new ArrayList<>();
        for (LogFormat format : LogFormat.values()) {
          List<String> lines = Files.readAllLines(relay.authLog(format));
          lines.addAll(Files.readAllLines(relay.mailLog(format)));
          tests.addAll(check(tried, lines, format));
        }
        return tests.stream();
      }
    }
  }

  private List<Tried> tryAll(MailRelay relay, Netns clients) throws Exception {
    SshLogin ssh = new SshLogin(Files.createDirectory(work.resolve("client")));
    List<Tried> tried = new ArrayList<>();
    List<Future<?>> running = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      for (Login login : Login.values()) {
        for (String server : List.of(SERVER4, SERVER6)) {
          String net = server.equals(SERVER4) ? "203.0.113." : "2001:db8:1::";
          Tried one = new Tried(login, net + (login.ordinal() + 1));
          clients.run("ip", "addr", "add", one.address, "dev", "lo");
          tried.add(one);
          running.add(
              threads.submit(
                  () -> {
                    login.attempt(new Client(clients, one.address), server, ssh);
                    return null;
                  }));
        }
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    for (Tried one : tried) {
      await(one + "'s last line of\n" + relay.everything())
          .atMost(Banstream.LIMIT)
          .until(() -> isOver(one, relay));
    }
    return tried;
  }

  private static boolean isOver(Tried one, MailRelay relay) throws Exception {
    LogFormat last = LogFormat.RFC3339;
    return Stream.concat(
            Files.readAllLines(relay.authLog(last)).stream(),
            Files.readAllLines(relay.mailLog(last)).stream())
        .anyMatch(line -> one.login.endsWith(line, one.address));
  }

  private List<DynamicTest> check(List<Tried> tried, List<String> lines, LogFormat format)
      throws Exception {
    List<Match> sshd = matches("sshd", lines);
    List<Match> postfixSasl = matches("postfix-sasl", lines);
    List<Match> dovecot = matches("dovecot", lines);
    List<DynamicTest> tests = new ArrayList<>();
    List<String> clients = tried.stream().map(Tried::address).toList();
    tests.add(
        dynamicTest(
            "no other address, " + format,
            () ->
                assertThat(Stream.of(sshd, postfixSasl, dovecot).flatMap(List::stream))
                    .extracting(Match::host)
                    .isSubsetOf(clients)));
    for (Tried one : tried) {
      for (boolean succeeded : List.of(false, true)) {
        Login.Matches seen =
            new Login.Matches(
                count(sshd, one.address, succeeded),
                count(postfixSasl, one.address, succeeded),
                count(dovecot, one.address, succeeded));
        String what = succeeded ? "successes" : "failures";
        tests.add(
            dynamicTest(
                what + " of " + one.login + " " + one.address + " " + format,
                () ->
                    assertThat(seen)
                        .as(() -> what + " in\n" + naming(one.address, lines))
                        .isEqualTo(
                            succeeded ? one.login.expectedSuccesses() : one.login.expected())));
      }
    }
    return tests;
  }

  /** Each login that our filter of that name sees in the lines. */
  private List<Match> matches(String filter, List<String> lines) throws Exception {
    Path none = Files.createDirectories(work.resolve("no-configuration"));
    LineMatcher matcher =
        LineMatcher.compileWithSuccesses(
            Configuration.filter(none, filter), new MatchSettings(ZoneId.systemDefault(), "auto"));
    List<Match> matches = new ArrayList<>();
    byte[] log = String.join("\n", lines).getBytes(UTF_8);
    new FilterSet(List.of(matcher))
        .scan(log, 0, log.length, l -> matches.addAll(l.match(0, Instant.now())));
    return matches;
  }

  private static long count(List<Match> matches, String address, boolean succeeded) {
    return matches.stream()
        .filter(m -> m.host().equals(address) && m.succeeded() == succeeded)
        .count();
  }

  private static String naming(String address, List<String> lines) {
    return String.join("\n", lines.stream().filter(line -> line.contains(address)).toList());
  }
}
