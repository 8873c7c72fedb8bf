package io.banstream.console;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Optional;

/**
 * A server that takes mails by SMTP.
 *
 * @param tls the connection begins with TLS (RFC 8314), else clear; then STARTTLS where it is
 *     offered
 * @param host its name or address
 * @param login how we are known to it, if it asks
 */
public record SmtpServer(boolean tls, String host, int port, Optional<Login> login) {
  private static final int SMTP = 25;
  private static final int SMTPS = 465;

  /** A user and his password, which {@link #toString} leaves out. */
  public record Login(String user, String password) {
    /**
     * @throws IllegalArgumentException if one is empty
     */
    public Login {
      if (user.isEmpty() || password.isEmpty()) {
        throw new IllegalArgumentException(
            (user.isEmpty() ? "user" : "password") + " = , expected one");
      }
    }

    @Override
    public String toString() {
      return user;
    }
  }

  public SmtpServer {
    Objects.requireNonNull(host);
    Objects.requireNonNull(login);
  }

  /**
   * @param url {@code smtp://HOST:PORT} or {@code smtps://HOST:PORT}; ports are 25 and 465 unless
   *     named
   * @throws IllegalArgumentException in one line, if it is something else; if there is a user in
   *     it, the message has nothing of it
   */
  public static SmtpServer parse(String url, Optional<Login> login) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw expected();
    }
    boolean tls = "smtps".equals(uri.getScheme());
    boolean known = tls || "smtp".equals(uri.getScheme());
    boolean more =
        uri.getRawUserInfo() != null
            || uri.getRawQuery() != null
            || uri.getRawFragment() != null
            || !"/".startsWith(String.valueOf(uri.getRawPath()));
    if (!known || uri.getHost() == null || more || uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw expected();
    }
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    int port = uri.getPort() > 0 ? uri.getPort() : tls ? SMTPS : SMTP;
    return new SmtpServer(tls, host, port, login);
  }

  private static IllegalArgumentException expected() {
    return new IllegalArgumentException(
        "smtp: expected smtp://HOST:PORT or smtps://HOST:PORT, without a user");
  }
}
