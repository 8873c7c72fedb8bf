package io.banstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first user's two hosts, their configurations as published: CentOS 6 reads a file, CentOS 7
 * the journal. One broker, one ban list.
 */
class TwoRelaysIT {
  private static final Path SEED = Path.of(System.getProperty("banstream.root"), "../shared/seed");
  private static final String HUB = "198.51.100.10";
  private static final String RELAY6 = "198.51.100.6";
  private static final String RELAY7 = "198.51.100.7";
  private static final String GUESSER = "198.51.100.66";
  private static final String CUSTOMER = "198.51.100.77";
  private static final int UNNAMED_PORT = 8080;

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Netns hub;
  private Netns relay6;
  private Netns relay7;
  private Netns outside;

  @BeforeEach
  void layCables() {
    Assumptions.assumeTrue(Files.isDirectory(SEED), "needs ../shared/seed");
    Netns.assumeAvailable("ipset", "iptables", "nc", "ss");
    Journal.assumeAvailable();
    Netns net = keep(Netns.create("switch"));
    net.beSwitch();
    hub = host(net, "hub", HUB);
    relay6 = host(net, "relay6", RELAY6);
    relay7 = host(net, "relay7", RELAY7);
    outside = host(net, "outside", GUESSER);
    String device =
        outside.run("sh", "-c", "ip -o link | sed -n 's/^[0-9]*: \\(v[^@]*\\)@.*/\\1/p'");
    outside.run("ip", "addr", "add", CUSTOMER + "/24", "dev", device.strip());
  }

  @AfterEach
  void clear() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void failuresThinOverTwoGenerationsBanOnBothAndTheThirdBanIsForAWeek() throws Exception {
    Banstream console =
        keep(
            Banstream.start(
                hub.prefix(),
                Map.of(),
                "up",
                "--data",
                folder.resolve("hub").toString(),
                "--listen",
                HUB + ":9092",
                "--firewall",
                "dry-run",
                "--host",
                "hub",
                "--sendmail",
                sendmail().toString()));
    console.awaitLine("Ready: ");
    push("centos6");
    assertThat(push("centos7"))
        .as("the fleet's rule is kept, both values are named")
        .contains("postfix-sasl: bantime = 144000 here, 3600 in the fleet: the fleet's is kept");

    Path varLog = Files.createDirectories(folder.resolve("var-log"));
    MailLog mailLog = new MailLog(varLog.resolve("maillog"), "relay6");
    Journal journal = keep(Journal.create(folder.resolve("journal"), "relay7"));
    startAgents(relay6, "relay6", "centos6", Map.of(), varLog);
    startAgents(relay7, "relay7", "centos7", Map.of("PATH", journal.path()), varLog);

    // Two bans that are over when they are found, the third in force: three in a day.
    Instant now = Instant.now();
    fail(mailLog, journal, now.minus(Duration.ofMinutes(140)));
    awaitBans(1);
    fail(mailLog, journal, now.minus(Duration.ofMinutes(70)));
    awaitBans(2);
    fail(mailLog, journal, now);
    console.awaitLine("Ban " + GUESSER + " in postfix-sasl");
    // Each ban is its completing host's (rule 6), and whose failure comes last is a race.
    assertThat(console.awaitLine("Ban " + GUESSER + " in recidive"))
        .containsPattern("3 bans on relay[67]");

    for (Netns relay : List.of(relay6, relay7)) {
      await("both jails' sets hold it")
          .atMost(Banstream.LIMIT)
          .until(() -> count(relay.run("ipset", "save"), "add .*" + GUESSER + " timeout") == 2);
      System.out.println(
          relay.name() + "\n" + relay.run("iptables-save") + relay.run("ipset", "save"));
    }
    assertThat(relay6.run("ipset", "save")).containsPattern(GUESSER + " timeout 60[34]\\d\\d\\d");
    assertThat(relay7.run("ipset", "save")).containsPattern(GUESSER + " timeout 60[34]\\d\\d\\d");
    assertClosed(relay6, RELAY6);
    assertClosed(relay7, RELAY7);

    assertThat(client("status", "postfix-sasl")).contains("Total failed:\t9", "Total banned:\t3");
    assertThat(client("status", "postfix-sasl", "--host", "relay6")).contains("Total failed:\t6");
    assertThat(client("status", "recidive")).contains("Banned IP list:\t" + GUESSER);
    // Both generations' jails ask for mails to the same address, recidive's one more to root.
    // From which of the two the last failure came is a race, and nothing here.
    String banned = ": banned " + GUESSER;
    await().atMost(Banstream.LIMIT).until(() -> mails().size() >= 3);
    assertThat(mails())
        .containsExactlyInAnyOrder(
            "To: its administrator, Subject: [Fail2Ban] postfix-sasl" + banned,
            "To: its administrator, Subject: [Fail2Ban] recidive" + banned,
            "To: root, Subject: [Fail2Ban] recidive" + banned);
  }

  /** Keeps each mail as a file. */
  private Path sendmail() throws IOException {
    Path box = Files.createDirectories(folder.resolve("mails"));
    Path program = folder.resolve("sendmail");
    String script = "#!/bin/sh\nf=$(mktemp %1$s/.XXXXXX); cat >$f; mv $f %1$s/$$\n";
    Files.writeString(program, script.formatted(box));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  private List<String> mails() throws IOException {
    List<String> heads = new ArrayList<>();
    try (var mails = Files.newDirectoryStream(folder.resolve("mails"), "[0-9]*")) {
      for (Path mail : mails) {
        List<String> lines = Files.readAllLines(mail);
        String to = lines.get(1).replaceFirst("\\S+@\\S+", "its administrator");
        heads.add(to + ", " + lines.get(2).replaceFirst(" from relay.*", ""));
      }
    }
    return heads;
  }

  /** Recidive closes all ports: also one that no jail names. */
  private void assertClosed(Netns relay, String address) throws IOException {
    for (int port : List.of(25, UNNAMED_PORT)) {
      Smtp smtp = keep(Smtp.listen(relay, address, port));
      assertThat(smtp.answers(outside, GUESSER)).as(address + ":" + port).isFalse();
      assertThat(smtp.answers(outside, CUSTOMER)).as(address + ":" + port).isTrue();
    }
  }

  private static void fail(MailLog mailLog, Journal journal, Instant time) {
    mailLog.saslFailures(GUESSER, 2, time);
    journal.saslFailure(GUESSER, time);
  }

  private void awaitBans(int bans) {
    await(bans + " bans")
        .atMost(Banstream.LIMIT)
        .untilAsserted(
            () ->
                assertThat(client("status", "postfix-sasl"))
                    .as(client("hosts"))
                    .contains("Total banned:\t" + bans));
  }

  private String push(String group) {
    return client(
        "jails", "push", SEED.resolve(group).resolve("fail2ban").toString(), "--group", group);
  }

  /** A command of the operator, on the hub. */
  private String client(String... args) {
    return Banstream.run(
        hub.prefix(), Map.of("BANSTREAM_DATA", folder.resolve("hub").toString()), args);
  }

  private void startAgents(
      Netns relay, String host, String group, Map<String, String> environment, Path varLog) {
    // The seed names /var/log/maillog: this host's own, in a mount namespace of its own.
    List<String> prefix = new ArrayList<>(relay.prefix());
    prefix.addAll(
        List.of("sh", "-c", "mount --bind \"$0\" /var/log && exec \"$@\"", varLog.toString()));
    for (String role : List.of("ingest", "enforce")) {
      List<String> args =
          new ArrayList<>(
              List.of(
                  role,
                  "--bootstrap",
                  HUB + ":9092",
                  "--kafka-config",
                  folder.resolve("hub/clients/" + role + ".properties").toString(),
                  "--host",
                  host,
                  "--group",
                  group,
                  "--data",
                  folder.resolve(host).resolve(role).toString()));
      if (role.equals("enforce")) {
        args.addAll(List.of("--firewall", "ipset"));
      }
      keep(Banstream.start(prefix, environment, args.toArray(String[]::new))).awaitLine("Ready");
    }
  }

  private Netns host(Netns net, String name, String address) {
    Netns host = keep(Netns.create(name));
    host.plugInto(net, address + "/24");
    return host;
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.add(resource);
    return resource;
  }

  private static long count(String text, String regex) {
    return java.util.regex.Pattern.compile(regex).matcher(text).results().count();
  }
}
