package io.banstream.console;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * By SMTP (RFC 5321), a connection a mail, half a minute for it as a whole. A password is sent
 * through TLS alone, and to whom the certificate names; without one, STARTTLS is taken as it comes,
 * for a mail goes in clear else.
 */
final class SmtpDelivery implements Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpDelivery.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** RFC 4954, and RFC 3207 where TLS is. */
  private static final int LOGIN_NEEDED = 530;

  private final SmtpServer server;
  private final Duration limit;
  private final String protocol;

  SmtpDelivery(SmtpServer server) {
    this(server, LIMIT);
  }

  /**
   * @param limit for a mail as a whole
   */
  SmtpDelivery(SmtpServer server, Duration limit) {
    this.server = server;
    this.limit = limit;
    this.protocol = server.tls() ? "smtps" : "smtp";
  }

  @Override
  public void deliver(Letter letter) throws IOException {
    try (TimedSockets sockets = new TimedSockets(limit)) {
      deliver(letter, sockets);
    }
  }

  private void deliver(Letter letter, TimedSockets sockets) throws IOException {
    Session session = Session.getInstance(properties(letter, sockets));
    try {
      MimeMessage message = new MimeMessage(session, new ByteArrayInputStream(letter.bytes()));
      InternetAddress[] to = {new InternetAddress(letter.dest(), false)};
      Transport transport = session.getTransport(protocol);
      try {
        connect(transport);
        transport.sendMessage(message, to);
      } finally {
        close(transport);
      }
    } catch (MessagingException e) {
      throw sockets.isTimeUp()
          ? new IOException("no end within " + limit.toSeconds() + " s", e)
          : failure(e);
    }
  }

  private void connect(Transport transport) throws MessagingException {
    Optional<SmtpServer.Login> login = server.login();
    transport.connect(
        server.host(),
        server.port(),
        login.map(SmtpServer.Login::user).orElse(null),
        login.map(SmtpServer.Login::password).orElse(null));
  }

  /** What was taken is taken, however this ends. */
  private void close(Transport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      LOG.debug("smtp: at the end of a connection", e);
    }
  }

  private Properties properties(Letter letter, TimedSockets sockets) {
    boolean login = server.login().isPresent();
    Properties session = new Properties();
    set(session, "from", letter.sender());
    set(session, "auth", login);
    set(session, "starttls.enable", !server.tls());
    set(session, "starttls.required", !server.tls() && login);
    boolean checked = server.tls() || login;
    set(session, "ssl.checkserveridentity", checked);
    if (!checked) {
      set(session, "ssl.trust", "*");
    }
    set(session, "connectiontimeout", CONNECT.toMillis());
    session.put("mail." + protocol + ".socketFactory", sockets);
    set(session, "socketFactory.fallback", false);
    return session;
  }

  private void set(Properties session, String key, Object value) {
    session.setProperty("mail." + protocol + "." + key, value.toString());
  }

  /**
   * A 5xx is for good where it is of this mail: of its sender, its recipient or its text. At the
   * greeting or the login it is something that an administrator mends; so is a login that is asked
   * for, wherever that is.
   */
  private static IOException failure(MessagingException e) {
    Throwable cause = e;
    if (e instanceof SendFailedException && e.getNextException() != null) {
      cause = e.getNextException();
    }
    int code = -1;
    if (cause instanceof SMTPAddressFailedException refused) {
      code = refused.getReturnCode();
    } else if (cause instanceof SMTPSenderFailedException refused) {
      code = refused.getReturnCode();
    } else if (cause instanceof SMTPSendFailedException refused) {
      code = refused.getReturnCode();
    }
    IOException failure = new IOException(cause.getMessage(), cause.getCause());
    return code / 100 == 5 && code != LOGIN_NEEDED ? new MailRefusedException(failure) : failure;
  }
}
