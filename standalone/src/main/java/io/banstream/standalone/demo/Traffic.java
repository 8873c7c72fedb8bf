package io.banstream.standalone.demo;

import java.util.List;
import java.util.Random;

/**
 * A busy day on three relays, a step at a time: honest mail, guessers who try each relay so seldom
 * that none alone would ban them, and one who comes back after each ban. Same seed, same day.
 */
final class Traffic {
  /** Steps between two tries: of the one who comes back, and of the guessers. */
  private static final int TRY_EVERY = 2;

  private static final int GUESSER_TRIES = 4;
  private static final String OFFENDER = "203.0.113.66";
  private static final List<String> USERS =
      List.of("info", "admin", "alice", "bob", "sales", "postmaster", "test", "scanner");

  private final List<Relay> relays;
  private final Random random;
  private int step;

  Traffic(List<Relay> relays, long seed) {
    this.relays = List.copyOf(relays);
    this.random = new Random(seed);
  }

  /** Writes what happens next. */
  void step() {
    step++;
    honest(any(relays));
    honest(any(relays));
    int tries = step / TRY_EVERY;
    if (step % TRY_EVERY == 0) {
      saslFailure(relay(tries), OFFENDER);
    } else {
      guess(tries);
    }
  }

  /** A new guesser every few tries, which go round the relays. */
  private void guess(int tries) {
    int guesser = tries / GUESSER_TRIES;
    Relay relay = relay(tries);
    switch (guesser % 3) {
      case 0 -> saslFailure(relay, "198.51.100." + (20 + guesser % 200));
      case 1 -> imapFailure(relay, "2001:db8:bad::" + Integer.toHexString(1 + guesser));
      default -> sshFailure(relay, "203.0.113." + (100 + guesser % 100));
    }
  }

  private Relay relay(int n) {
    return relays.get(n % relays.size());
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private int pid() {
    return 1_000 + random.nextInt(30_000);
  }

  private void honest(Relay relay) {
    String client = "192.0.2." + (10 + random.nextInt(40));
    String user = any(USERS);
    switch (random.nextInt(4)) {
      case 0 ->
          relay.log("postfix/smtpd[" + pid() + "]: connect from mx.example.com[" + client + "]");
      case 1 ->
          relay.log(
              String.format(
                  "postfix/qmgr[812]: 4D%05X: from=<%s@example.com>, size=%d, nrcpt=1 (queue active)",
                  random.nextInt(1 << 20), user, 900 + random.nextInt(90_000)));
      case 2 ->
          relay.log(
              String.format(
                  "dovecot: imap-login: Login: user=<%s>, method=PLAIN, rip=%s, lip=192.0.2.1,"
                      + " mpid=%d, TLS, session=<q%07d>",
                  user, client, pid(), random.nextInt(9_999_999)));
      default ->
          relay.log(
              "postfix/smtpd["
                  + pid()
                  + "]: disconnect from mx.example.com["
                  + client
                  + "] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5");
    }
  }

  private void saslFailure(Relay relay, String address) {
    relay.log(
        String.format(
            "postfix/smtpd[%d]: warning: unknown[%s]: SASL LOGIN authentication failed:"
                + " (reason unavailable), sasl_username=%s",
            pid(), address, any(USERS)));
  }

  private void imapFailure(Relay relay, String address) {
    relay.log(
        String.format(
            "dovecot: imap-login: Disconnected: Aborted login by logging out (auth failed, 1 attempts"
                + " in 2 secs): user=<%s>, method=PLAIN, rip=%s, lip=2001:db8::1, TLS,"
                + " session=<f%07d>",
            any(USERS), address, random.nextInt(9_999_999)));
  }

  private void sshFailure(Relay relay, String address) {
    relay.log(
        String.format(
            "sshd[%d]: Failed password for invalid user %s from %s port %d ssh2",
            pid(), any(USERS), address, 30_000 + random.nextInt(30_000)));
  }
}
