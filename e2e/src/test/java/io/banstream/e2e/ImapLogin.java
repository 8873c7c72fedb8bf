package io.banstream.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Base64;

/** Logins to Dovecot. Each gives the server's answer to the last try. */
final class ImapLogin {
  private ImapLogin() {}

  /** The command {@code LOGIN}, {@code tries} times over one connection. */
  static String login(Client client, String server, String user, String password, int tries)
      throws IOException {
    try (Conversation imap = greeted(client, server)) {
      String answer = "";
      for (int i = 0; i < tries; i++) {
        imap.say("a LOGIN " + user + " " + password);
        answer = imap.hear("a ");
      }
      return answerAndLogout(imap, answer);
    }
  }

  /** {@code AUTHENTICATE PLAIN} with the answer in the command (RFC 4959). */
  static String plain(Client client, String server, String user, String password)
      throws IOException {
    try (Conversation imap = greeted(client, server)) {
      String answer = "\0" + user + "\0" + password;
      imap.say(
          "a AUTHENTICATE PLAIN " + Base64.getEncoder().encodeToString(answer.getBytes(UTF_8)));
      return answerAndLogout(imap, imap.hear("a "));
    }
  }

  /** Connects and leaves without a try. */
  static void none(Client client, String server) throws IOException {
    try (Conversation imap = greeted(client, server)) {
      imap.say("a LOGOUT");
      imap.hearOut();
    }
  }

  /** Begins {@code AUTHENTICATE LOGIN} and hangs up at the first question. */
  static void abandoned(Client client, String server) throws IOException {
    try (Conversation imap = greeted(client, server)) {
      imap.say("a AUTHENTICATE LOGIN");
      imap.hear("+ ");
    }
  }

  private static Conversation greeted(Client client, String server) throws IOException {
    Conversation imap = Conversation.open(client, server, 143);
    // Until its own parts have found each other, Dovecot greets with "Waiting for authentication".
    imap.hear("* OK [CAPABILITY");
    return imap;
  }

  private static String answerAndLogout(Conversation imap, String answer) throws IOException {
    imap.say("b LOGOUT");
    imap.hearOut();
    return answer;
  }
}
