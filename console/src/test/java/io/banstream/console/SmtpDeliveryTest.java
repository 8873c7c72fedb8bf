package io.banstream.console;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real server on loopback gets, and what becomes of its refusals. */
class SmtpDeliveryTest {
  private static final String DEST = "root@example.com";

  @TempDir Path folder;

  private static Letter letter(String sender, String dest) {
    return new Letter(
        sender, dest, Instant.parse("2026-11-25T03:00:00Z"), "Subject: a mail\n\n.\nits end\n");
  }

  private static SmtpDelivery delivery(String scheme, int port, Optional<SmtpServer.Login> login) {
    return new SmtpDelivery(SmtpServer.parse(scheme + "://127.0.0.1:" + port, login));
  }

  private static void deliver(SmtpReceiver to, Optional<SmtpServer.Login> login)
      throws IOException {
    delivery("smtp", to.port(), login).deliver(letter("f2b@example.com", DEST));
  }

  private static SmtpReceiver.Received received(boolean tls, Optional<String> user) {
    return new SmtpReceiver.Received(
        "f2b@example.com", DEST, tls, user, "Subject: a mail\r\n\r\n.\r\nits end\r\n");
  }

  @Test
  void aMailArrivesAsItIs() throws Exception {
    try (SmtpReceiver server = SmtpReceiver.clear()) {
      deliver(server, Optional.empty());
      assertThat(server.received()).containsExactly(received(false, Optional.empty()));
    }
  }

  @Test
  void startTlsIsTakenWhereItIsOfferedWhoeverItIs() throws Exception {
    try (SmtpReceiver server = SmtpReceiver.startTls(SmtpReceiver.certificate(folder), false)) {
      deliver(server, Optional.empty());
      assertThat(server.received()).containsExactly(received(true, Optional.empty()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mail", "rcpt", "data"})
  void whatIsRefusedForNowMayBeSentAgain(String where) throws Exception {
    try (SmtpReceiver server = SmtpReceiver.clear()) {
      assertThatThrownBy(() -> refused(server, where, 451))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(MailRefusedException.class)
          .hasMessageContaining("451 not " + where);
      assertThat(server.received()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mail", "rcpt", "data"})
  void whatIsRefusedForGoodIsNotSentAgain(String where) throws Exception {
    try (SmtpReceiver server = SmtpReceiver.clear()) {
      assertThatThrownBy(() -> refused(server, where, 550))
          .isInstanceOf(MailRefusedException.class)
          .hasMessageContaining("550 not " + where);
      assertThat(server.received()).isEmpty();
    }
  }

  /** RFC 3207, RFC 4954: of the connection, whichever mail it is. */
  @Test
  void aLoginOrTlsThatIsAskedForIsNoRefusalOfTheMail() throws Exception {
    try (SmtpReceiver server = SmtpReceiver.clear()) {
      assertThatThrownBy(() -> refused(server, "mail", 530))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(MailRefusedException.class)
          .hasMessageContaining("530 not mail");
    }
  }

  private static void refused(SmtpReceiver server, String where, int code) throws IOException {
    String address = where + "-" + code + "@example.com";
    boolean sender = where.equals("mail");
    delivery("smtp", server.port(), Optional.empty())
        .deliver(letter(sender ? address : "fail2ban", sender ? DEST : address));
  }

  @Test
  void aServerThatIsNotThereMayCome() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertMayBeSentAgain(port, "Couldn't connect to host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "554 no mail here\r\n", "421 later\r\n", "no word of SMTP\r\n"})
  void whatAServerSaysAtItsDoorIsOfNoMail(String greeting) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread door =
          new Thread(
              () -> {
                try (Socket client = server.accept()) {
                  client.getOutputStream().write(greeting.getBytes(US_ASCII));
                } catch (IOException e) {
                  // the test is over
                }
              });
      door.setDaemon(true);
      door.start();
      assertMayBeSentAgain(server.getLocalPort(), "");
    }
  }

  private static void assertMayBeSentAgain(int port, String why) {
    assertThatThrownBy(
            () -> delivery("smtp", port, Optional.empty()).deliver(letter("fail2ban", DEST)))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(MailRefusedException.class)
        .hasMessageContaining(why);
  }

  /** However long each answer would take. */
  @ParameterizedTest
  @ValueSource(strings = {"", "EHLO", "MAIL", "RCPT", "DATA", "."})
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aServerThatTricklesIsLeftWhenTimeIsUp(String from) throws Exception {
    try (TricklingServer server = TricklingServer.from(from)) {
      assertTimeIsUp("smtp", server);
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aServerThatTricklesInTlsIsLeftWhenTimeIsUp() throws Exception {
    try (TricklingServer server = TricklingServer.inTls()) {
      assertTimeIsUp("smtps", server);
    }
  }

  private static void assertTimeIsUp(String scheme, TricklingServer server) throws Exception {
    assertThatThrownBy(() -> deliver(scheme, server))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(MailRefusedException.class)
        .hasMessage("no end within 1 s");
    server.awaitLeft();
  }

  private static void deliver(String scheme, TricklingServer to) throws IOException {
    SmtpServer server = SmtpServer.parse(scheme + "://127.0.0.1:" + to.port(), Optional.empty());
    new SmtpDelivery(server, Duration.ofSeconds(1)).deliver(letter("fail2ban", DEST));
  }

  /** The mail is taken by then, if the second was enough. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aServerThatTricklesAtTheEndIsLeftToo() throws Exception {
    try (TricklingServer server = TricklingServer.from("QUIT")) {
      assertThat(catchThrowable(() -> deliver("smtp", server)))
          .satisfiesAnyOf(
              e -> assertThat(e).isNull(), e -> assertThat(e).hasMessage("no end within 1 s"));
      server.awaitLeft();
    }
  }

  @Test
  void aPasswordIsNotSentInClear() throws Exception {
    try (SmtpReceiver server = SmtpReceiver.clearLogin()) {
      assertThatThrownBy(() -> deliver(server, Optional.of(SmtpReceiver.LOGIN)))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(MailRefusedException.class)
          .hasMessageContaining("STARTTLS");
      assertThat(server.received()).isEmpty();
      assertThat(server.logins()).isZero();
    }
  }

  @Test
  void aPasswordIsNotSentToAStranger() throws Exception {
    SSLContext unknown = SmtpReceiver.certificate(folder);
    try (SmtpReceiver server = SmtpReceiver.startTls(unknown, true);
        SmtpReceiver tls = SmtpReceiver.tls(unknown)) {
      assertThatThrownBy(() -> deliver(server, Optional.of(SmtpReceiver.LOGIN)))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(MailRefusedException.class);
      assertThatThrownBy(
              () ->
                  delivery("smtps", tls.port(), Optional.of(SmtpReceiver.LOGIN))
                      .deliver(letter("fail2ban", DEST)))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(MailRefusedException.class);
      assertThat(server.logins() + tls.logins()).isZero();
    }
  }

  @Test
  void aPasswordIsSentToWhomTheCertificateNames() throws Exception {
    SSLContext before = SSLContext.getDefault();
    SSLContext known = SmtpReceiver.certificate(folder);
    SSLContext.setDefault(known);
    Optional<String> user = Optional.of("console");
    try (SmtpReceiver server = SmtpReceiver.startTls(known, true);
        SmtpReceiver tls = SmtpReceiver.tls(known)) {
      deliver(server, Optional.of(SmtpReceiver.LOGIN));
      assertThat(server.received()).containsExactly(received(true, user));
      delivery("smtps", tls.port(), Optional.of(SmtpReceiver.LOGIN))
          .deliver(letter("f2b@example.com", DEST));
      assertThat(tls.received()).hasSize(1);
      SmtpServer.Login wrong = new SmtpServer.Login("console", "wrong");
      assertThatThrownBy(() -> deliver(server, Optional.of(wrong)))
          .as("someone may put it right")
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(MailRefusedException.class)
          .hasMessageNotContaining("wrong");
    } finally {
      SSLContext.setDefault(before);
    }
  }

  @Test
  void aPasswordIsInNoText() {
    assertThat(SmtpServer.parse("smtps://relay.example.com", Optional.of(SmtpReceiver.LOGIN)))
        .hasToString(
            "SmtpServer[tls=true, host=relay.example.com, port=465, login=Optional[console]]");
    assertThat(SmtpServer.parse("smtp://[2001:db8::1]", Optional.empty()))
        .isEqualTo(new SmtpServer(false, "2001:db8::1", 25, Optional.empty()));
  }
}
