package io.banstream.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Base64;

/** Logins to Postfix, as spam senders try them. Each gives the server's answer. */
final class SmtpLogin {
  private SmtpLogin() {}

  /** {@code AUTH PLAIN} with the answer in the command (RFC 4616). */
  static String plain(Client client, String server, String user, String password)
      throws IOException {
    try (Conversation smtp = greeted(client, server)) {
      smtp.say("AUTH PLAIN " + base64("\0" + user + "\0" + password));
      return answerAndQuit(smtp);
    }
  }

  /** As {@link #plain}, then a recipient: with the first one Postfix logs who sends. */
  static String plainAndRecipient(Client client, String server, String user, String password)
      throws IOException {
    try (Conversation smtp = greeted(client, server)) {
      smtp.say("AUTH PLAIN " + base64("\0" + user + "\0" + password));
      smtp.hear("235 ");
      smtp.say("MAIL FROM:<" + user + "@example.com>");
      smtp.hear("250 ");
      smtp.say("RCPT TO:<bob@example.com>");
      return answerAndQuit(smtp);
    }
  }

  /** {@code AUTH LOGIN}: user and password, each asked for. */
  static String login(Client client, String server, String user, String password)
      throws IOException {
    try (Conversation smtp = greeted(client, server)) {
      smtp.say("AUTH LOGIN");
      smtp.hear("334");
      smtp.say(base64(user));
      smtp.hear("334");
      smtp.say(base64(password));
      return answerAndQuit(smtp);
    }
  }

  /** Asks for {@code AUTH LOGIN} and hangs up at the first question. */
  static void abandoned(Client client, String server) throws IOException {
    try (Conversation smtp = greeted(client, server)) {
      smtp.say("AUTH LOGIN");
      smtp.hear("334");
    }
  }

  private static Conversation greeted(Client client, String server) throws IOException {
    Conversation smtp = Conversation.open(client, server, 25);
    smtp.hear("220 ");
    smtp.say("EHLO client.example.com");
    smtp.hear("250 ");
    return smtp;
  }

  private static String answerAndQuit(Conversation smtp) throws IOException {
    String answer = smtp.hear("");
    smtp.say("QUIT");
    smtp.hearOut();
    return answer;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
