package io.banstream.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A host's real servers in a network namespace: Postfix on 25 and 587, Dovecot on 143, sshd on 22,
 * and the rsyslogd that writes their logs. The one account on it is {@code alice}, password {@code
 * right}. All of it runs in pid and mount namespaces of its own and is gone when closed.
 */
final class MailRelay implements AutoCloseable {
  private static final List<String> FILES =
      List.of(
          "start",
          "rsyslog.conf",
          "postfix/main.cf",
          "postfix/master.cf",
          "dovecot.conf",
          "users",
          "sshd_config",
          "account.passwd",
          "account.shadow");
  private static final List<Integer> PORTS = List.of(22, 25, 143, 587);

  private final Netns netns;
  private final Path work;
  private final Process process;

  private MailRelay(Netns netns, Path work, Process process) {
    this.netns = netns;
    this.work = work;
    this.process = process;
  }

  /** Skips the test, saying what is missing, where such a host can't be run. */
  static void assumeAvailable() {
    Netns.assumeAvailable(
        "rsyslogd", "postfix", "dovecot", "sshd", "ssh", "ssh-keygen", "nc", "ss", "unshare");
  }

  /**
   * Starts the servers in {@code netns}, and returns once all of them listen.
   *
   * @param temporary where its folder is made; opened for the servers' users
   * @param authVerbose whether Dovecot also logs each failure where it checks the password
   */
  static MailRelay start(Netns netns, Path temporary, boolean authVerbose) throws IOException {
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path work = Files.createDirectory(temporary.resolve("relay"));
    for (String folder : List.of("log", "mail", "postfix/data", "postfix/queue/private")) {
      Files.createDirectories(work.resolve(folder));
    }
    for (String file : FILES) {
      String text =
          template(file)
              .replace("@work@", work.toString())
              .replace("@auth_verbose@", authVerbose ? "yes" : "no");
      Files.writeString(work.resolve(file), text);
    }
    Files.setPosixFilePermissions(
        work.resolve("mail"), PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> command = new ArrayList<>(netns.prefix());
    command.addAll(
        List.of("unshare", "--uts", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"));
    command.addAll(List.of("sh", work.resolve("start").toString(), work.toString(), "relay1"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("output").toFile())
            .start();
    MailRelay relay = new MailRelay(netns, work, process);
    try {
      relay.awaitListening();
    } catch (RuntimeException | Error e) {
      e.addSuppressed(new AssertionError(relay.everything()));
      relay.close();
      throw e;
    }
    return relay;
  }

  private static String template(String file) throws IOException {
    try (InputStream in = MailRelay.class.getResourceAsStream("/relay/" + file)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private void awaitListening() {
    await("servers that listen")
        .atMost(Banstream.LIMIT)
        .until(() -> !process.isAlive() || PORTS.stream().allMatch(this::listens));
    if (!process.isAlive()) {
      throw new AssertionError("servers ended:\n" + everything());
    }
  }

  private boolean listens(int port) {
    return !netns.run("ss", "-Hltn", "sport = :" + port).isBlank();
  }

  /** What Postfix and Dovecot log. */
  Path mailLog(LogFormat format) {
    return work.resolve("log").resolve(format.file("mail"));
  }

  /** What sshd and PAM log. */
  Path authLog(LogFormat format) {
    return work.resolve("log").resolve(format.file("auth"));
  }

  /** All that the servers said, for a test that fails. */
  String everything() {
    StringBuilder all = new StringBuilder();
    for (Path file :
        List.of(
            work.resolve("output"),
            mailLog(LogFormat.TRADITIONAL),
            authLog(LogFormat.TRADITIONAL))) {
      try {
        all.append("--- ").append(file.getFileName()).append('\n');
        all.append(Files.exists(file) ? Files.readString(file) : "(none)\n");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all.toString();
  }

  /** Ends process 1 of the pid namespace; the kernel ends the rest with it, then unshare ends. */
  @Override
  public void close() {
    process.children().forEach(ProcessHandle::destroyForcibly);
    try {
      if (!process.waitFor(Banstream.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the servers do not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
