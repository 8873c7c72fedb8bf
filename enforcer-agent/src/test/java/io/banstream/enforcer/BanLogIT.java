package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.banstream.schemas.Address;
import io.banstream.schemas.Verdict;
import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ban log of a real enforcer, a full disk and a real syslog, as the installed fail2ban reads
 * it.
 */
class BanLogIT extends EnforcerOnBroker {
  private static final Path RECIDIVE = Path.of("/etc/fail2ban/filter.d/recidive.conf");

  private static final Path JOURNALD = Path.of("/lib/systemd/systemd-journald");

  /** A /run whose systemd and log are the folder's. */
  private static final String OWN_RUN =
      "mount -t tmpfs none /run && mkdir /run/systemd /run/log"
          + " && mount --bind \"$1\"/systemd /run/systemd && mount --bind \"$1\"/log /run/log"
          + " && exec \"$2\"";

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("fail2ban.log");
  }

  private EnforcerAgent upWithLog() throws Exception {
    banLog = Optional.of(new BanLogTarget.ToFile(file()));
    return up();
  }

  /** What was logged, without time and process. */
  private List<String> logged() throws IOException {
    return Files.exists(file())
        ? Files.readAllLines(file()).stream().map(l -> l.replaceFirst(".*NOTICE *", "")).toList()
        : List.of();
  }

  private void awaitLogged(String... lines) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(logged()).containsExactly(lines));
  }

  /** How many lines the installed fail2ban takes for failures of recidive. */
  private static String matched(Path log) throws Exception {
    assumeTrue(Files.exists(RECIDIVE), "needs Debian's fail2ban");
    Netns.assumeTool("fail2ban-regex");
    Process process =
        new ProcessBuilder("fail2ban-regex", log.toString(), RECIDIVE.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output.lines().filter(l -> l.startsWith("Lines: ")).findFirst().orElse(output);
  }

  @Test
  void whatTheKernelHasIsLoggedOnceThroughARestart() throws Exception {
    EnforcerAgent first = upWithLog();
    ban(ATTACKER);
    awaitLogged("[manual] Ban " + ATTACKER);
    ban("198.51.100.1"); // its own address: never in the kernel, so never in the log
    ban(OTHER);
    decide(Verdict.BAN, "192.0.2.1", "*", Instant.now().plusSeconds(3));
    awaitLogged(
        "[manual] Ban " + ATTACKER,
        "[manual] Ban " + OTHER,
        "[manual] Ban 192.0.2.1",
        "[manual] Unban 192.0.2.1");
    assertThat(relay.run("ipset", "save")).contains(" " + ATTACKER + " ");
    relay.run("ipset", "flush");
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(enforcements())
                    .hasEntrySatisfying(
                        "manual", told -> assertThat(told.getMended()).isEqualTo(2)));
    first.close();
    decide(Verdict.UNBAN, OTHER, "*", Instant.now());
    ban("192.0.2.2");
    Files.move(file(), folder.resolve("fail2ban.log.1"));
    EnforcerAgent second = upWithLog();
    try {
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(logged())
                      .containsExactlyInAnyOrder(
                          "[manual] Restore Ban " + ATTACKER,
                          "[manual] Restore Ban " + OTHER,
                          "[manual] Unban " + OTHER,
                          "[manual] Ban 192.0.2.2"));
    } finally {
      second.close();
    }
    assertThat(matched(folder.resolve("fail2ban.log.1")))
        .isEqualTo("Lines: 4 lines, 0 ignored, 3 matched, 1 missed");
  }

  @Test
  void onAFullDiskThereAreWholeLinesOnly() throws Exception {
    relay.run("true"); // skipped without a right to namespaces, so also to mounts
    run("mount", "-t", "tmpfs", "-o", "size=16k", "none", folder.toString());
    try {
      Path filler = Files.write(folder.resolve("filler"), new byte[12_000]);
      BanLogTarget target = new BanLogTarget.ToFile(file());
      BanLogOutput output = BanLogOutput.of(target, shell(), ZoneId.of("UTC"));
      int count = 100;
      try (BanLog log = new BanLog(target, output, InstantSource.system())) {
        IntStream.range(0, count).forEach(i -> log.banned(entry(i), Instant.MAX, false));
        await().atMost(LIMIT).until(() -> log.problem().isPresent());
        String half = Files.readString(file());
        assertThat(half.isEmpty() || half.endsWith("\n")).isTrue();
        Files.delete(filler);
        await().atMost(LIMIT).until(() -> log.problem().isEmpty());
      }
      assertThat(logged())
          .containsExactlyElementsOf(
              IntStream.range(0, count).mapToObj(i -> "[sasl] Ban 192.0.2." + i).toList());
    } finally {
      run("umount", folder.toString());
    }
  }

  @Test
  void aSyslogTakesTheLinesAsFail2bansOwn() throws Exception {
    Netns.assumeTool("rsyslogd");
    Netns.assumeTool("logger");
    Path socket = folder.resolve("socket");
    Path conf = folder.resolve("rsyslog.conf");
    Files.writeString(
        conf,
        """
        module(load="imuxsock" SysSock.Use="off")
        input(type="imuxsock" Socket="%s")
        daemon.notice action(type="omfile" file="%s")
        """
            .formatted(socket, file()));
    Process rsyslogd =
        relay.start(
            "rsyslogd", "-n", "-f", conf.toString(), "-i", folder.resolve("pid").toString());
    try {
      await().atMost(LIMIT).until(() -> Files.exists(socket));
      write(socket, new BanLine(Instant.now(), entry(1), "Ban"));
      write(socket, new BanLine(Instant.now(), entry(1), "Unban"));
      awaitLogged("[sasl] Ban 192.0.2.1", "[sasl] Unban 192.0.2.1");
      assertThat(Files.readString(file()))
          .contains(" fail2ban.actions[" + ProcessHandle.current().pid() + "]: NOTICE [sasl] Ban ");
      assertThat(matched(file())).isEqualTo("Lines: 2 lines, 0 ignored, 1 matched, 1 missed");
    } finally {
      rsyslogd.destroyForcibly().waitFor();
    }
  }

  /** With a /dev of its own, whose log is the socket. */
  private void write(Path socket, BanLine line) throws IOException {
    String host = "mount -t tmpfs none /dev && ln -s " + socket + " /dev/log && exec \"$@\"";
    Shell shell = new Shell(List.of("unshare", "-m", "sh", "-c", host, "sh"), LIMIT);
    BanLogOutput.of(new BanLogTarget.ToSyslog("daemon"), shell, ZoneId.of("UTC"))
        .write(List.of(line));
  }

  /** What fail2ban's own handler hands over, but for the priority: it has none for NOTICE. */
  @Test
  void aJournalTakesTheLinesAsFail2bansOwn() throws Exception {
    relay.run("true"); // skipped without a right to namespaces, so also to mounts
    assumeTrue(Files.isExecutable(JOURNALD), "needs systemd-journald");
    Path etc = Files.createDirectories(folder.resolve("systemd/journald.conf.d"));
    Files.writeString(
        etc.resolve("quiet.conf"), "[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=no\n");
    Files.createDirectories(folder.resolve("log"));
    Path socket = folder.resolve("systemd/journal/stdout");
    Files.createDirectories(socket.getParent());
    Process journald = // not by ip netns, whose /sys has no cgroups
        new ProcessBuilder(
                "unshare", "-mn", "sh", "-c", OWN_RUN, "sh", folder.toString(), JOURNALD.toString())
            .redirectErrorStream(true)
            .start();
    try {
      String line = new BanLine(Instant.now(), entry(1), "Ban").inJournal() + "\n";
      ThrowingCallable write = () -> new JournalStream(socket).write(line);
      await().atMost(LIMIT).untilAsserted(() -> assertThatCode(write).doesNotThrowAnyException());
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(journal())
                      .contains(
                          "\"MESSAGE\":\"[sasl] Ban 192.0.2.1\"",
                          "\"SYSLOG_IDENTIFIER\":\"fail2ban\"",
                          "\"PRIORITY\":\"5\"",
                          "\"_PID\":\"" + ProcessHandle.current().pid() + "\""));
    } finally {
      journald.destroyForcibly().waitFor();
    }
  }

  private String journal() {
    String command = "journalctl -q -o json -t fail2ban -D \"$1\"/*";
    Path log = folder.resolve("log/journal");
    return relay.tryRun("sh", "-c", command, "sh", log.toString()).output();
  }

  @Test
  void withoutAJournalItsSocketIsNamed() {
    Path socket = folder.resolve("stdout");
    assertThatThrownBy(() -> new JournalStream(socket).write("a line\n"))
        .isInstanceOf(IOException.class)
        .hasMessage("no socket " + socket);
  }

  private static Shell shell() {
    return new Shell(List.of(), LIMIT);
  }

  private static void run(String... words) {
    shell().require(List.of(words), "");
  }

  private static Entry entry(int last) {
    return new Entry("sasl", Address.parse("192.0.2." + last));
  }
}
