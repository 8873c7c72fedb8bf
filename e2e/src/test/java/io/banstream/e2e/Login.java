package io.banstream.e2e;

import java.io.IOException;

/**
 * A way to log in to a relay, or to fail to, and the failures, or the success, that its lines are.
 *
 * <p>Each wrong password is one failure, whatever further lines tell of it: sshd's "Invalid user",
 * PAM's, and those of Dovecot's {@code auth}, which also names the clients of Postfix. Dovecot has
 * one line a connection, so tries over one connection are one failure. Keys are no guessing.
 */
enum Login {
  SMTP_PLAIN_WRONG_PASSWORD(
      new Matches(0, 1, 0), (c, server, ssh) -> SmtpLogin.plain(c, server, "alice", "wrong")),
  SMTP_LOGIN_WRONG_PASSWORD(
      new Matches(0, 1, 0), (c, server, ssh) -> SmtpLogin.login(c, server, "alice", "wrong")),
  SMTP_LOGIN_UNKNOWN_USER(
      new Matches(0, 1, 0), (c, server, ssh) -> SmtpLogin.login(c, server, "nosuch", "wrong")),
  SMTP_ABANDONED(Matches.NONE, (c, server, ssh) -> SmtpLogin.abandoned(c, server)),
  SMTP_RIGHT_PASSWORD(
      Matches.NONE, (c, server, ssh) -> SmtpLogin.plainAndRecipient(c, server, "alice", "right")),

  IMAP_LOGIN_WRONG_PASSWORD(
      new Matches(0, 0, 1), (c, server, ssh) -> ImapLogin.login(c, server, "alice", "wrong", 1)),
  IMAP_LOGIN_WRONG_PASSWORD_TWICE(
      new Matches(0, 0, 1), (c, server, ssh) -> ImapLogin.login(c, server, "alice", "wrong", 2)),
  IMAP_LOGIN_UNKNOWN_USER(
      new Matches(0, 0, 1), (c, server, ssh) -> ImapLogin.login(c, server, "nosuch", "wrong", 1)),
  IMAP_PLAIN_WRONG_PASSWORD(
      new Matches(0, 0, 1), (c, server, ssh) -> ImapLogin.plain(c, server, "alice", "wrong")),
  IMAP_ABANDONED(Matches.NONE, (c, server, ssh) -> ImapLogin.abandoned(c, server)),
  IMAP_NO_TRY(Matches.NONE, (c, server, ssh) -> ImapLogin.none(c, server)),
  IMAP_RIGHT_PASSWORD(
      Matches.NONE, (c, server, ssh) -> ImapLogin.login(c, server, "alice", "right", 1)),

  SSH_WRONG_PASSWORD(
      new Matches(1, 0, 0), (c, server, ssh) -> ssh.password(c, server, "alice", "wrong", 1)),
  SSH_UNKNOWN_USER(
      new Matches(1, 0, 0), (c, server, ssh) -> ssh.password(c, server, "nosuch", "wrong", 1)),
  SSH_TOO_MANY_TRIES(
      new Matches(6, 0, 0), (c, server, ssh) -> ssh.password(c, server, "alice", "wrong", 7)),
  SSH_UNKNOWN_KEY(Matches.NONE, (c, server, ssh) -> ssh.keys(c, server, "alice", 1)),
  SSH_UNKNOWN_KEY_AND_USER(Matches.NONE, (c, server, ssh) -> ssh.keys(c, server, "nosuch", 1)),
  SSH_TOO_MANY_KEYS(Matches.NONE, (c, server, ssh) -> ssh.keys(c, server, "alice", 7)),
  SSH_RIGHT_PASSWORD(
      Matches.NONE, (c, server, ssh) -> ssh.password(c, server, "alice", "right", 1));

  private final Matches expected;
  private final Attempt attempt;

  Login(Matches expected, Attempt attempt) {
    this.expected = expected;
    this.attempt = attempt;
  }

  /** Matches of each of our filters. */
  record Matches(long sshd, long postfixSasl, long dovecot) {
    static final Matches NONE = new Matches(0, 0, 0);
  }

  private interface Attempt {
    void make(Client client, String server, SshLogin ssh) throws IOException;
  }

  Matches expected() {
    return expected;
  }

  /** Successes, each seen once. */
  Matches expectedSuccesses() {
    long once = name().endsWith("RIGHT_PASSWORD") ? 1 : 0;
    return new Matches(
        name().startsWith("SSH") ? once : 0,
        name().startsWith("SMTP") ? once : 0,
        name().startsWith("IMAP") ? once : 0);
  }

  void attempt(Client client, String server, SshLogin ssh) throws IOException {
    attempt.make(client, server, ssh);
  }

  /** Whether this is the line that a server logs of such an attempt last. */
  boolean endsWith(String line, String address) {
    if (name().startsWith("SMTP")) {
      return line.contains("disconnect from unknown[" + address + "]");
    }
    if (name().startsWith("IMAP")) {
      return line.contains("imap-login: ") && line.contains("rip=" + address + ",");
    }
    return line.contains(" " + address + " port ")
        && (line.contains("]: Connection closed by ") || line.contains("]: Disconnect"));
  }
}
