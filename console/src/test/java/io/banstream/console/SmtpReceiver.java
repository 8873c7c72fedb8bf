package io.banstream.console;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;

/** An SMTP server on a free port of loopback that keeps what it takes. */
final class SmtpReceiver implements AutoCloseable {
  /** The login that it knows. */
  static final SmtpServer.Login LOGIN = new SmtpServer.Login("console", "right");

  private static final String SECRET = "changeit";

  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final AtomicInteger logins = new AtomicInteger();
  private final SMTPServer server;

  /**
   * @param tls whether STARTTLS was taken
   */
  record Received(String from, String to, boolean tls, Optional<String> user, String text) {}

  private SmtpReceiver(SMTPServer.Builder builder, boolean login) {
    if (login) {
      builder = builder.requireAuth().authenticationHandlerFactory(login());
    }
    server =
        builder
            .bindAddress(InetAddress.getLoopbackAddress())
            .insertReceivedHeaders(false)
            .messageHandlerFactory(Keeping::new)
            .build();
    server.start();
  }

  /** Clear; offers no STARTTLS. */
  static SmtpReceiver clear() {
    return new SmtpReceiver(SMTPServer.port(0), false);
  }

  /**
   * Offers STARTTLS.
   *
   * @param login whether it asks for {@link #LOGIN}
   */
  static SmtpReceiver startTls(SSLContext context, boolean login) {
    return new SmtpReceiver(SMTPServer.port(0).enableTLS().startTlsSocketFactory(context), login);
  }

  /** Begins with TLS, and asks for {@link #LOGIN}. */
  static SmtpReceiver tls(SSLContext context) {
    return new SmtpReceiver(SMTPServer.port(0).serverSocketFactory(context), true);
  }

  /** Asks for {@link #LOGIN} without TLS. */
  static SmtpReceiver clearLogin() {
    return new SmtpReceiver(SMTPServer.port(0), true);
  }

  private EasyAuthenticationHandlerFactory login() {
    return new EasyAuthenticationHandlerFactory(
        (user, password, context) -> {
          logins.incrementAndGet();
          if (!LOGIN.equals(new SmtpServer.Login(user, password))) {
            throw new LoginFailedException();
          }
        });
  }

  /** A certificate of its own for 127.0.0.1, which who has this context believes. */
  static SSLContext certificate(Path folder) throws Exception {
    Path store = folder.resolve("server.p12");
    if (!Files.exists(store)) {
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "server",
                  "-keyalg",
                  "EC",
                  "-dname",
                  "CN=relay.example.com",
                  "-ext",
                  "san=ip:127.0.0.1",
                  "-keystore",
                  store.toString(),
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  SECRET)
              .inheritIO()
              .start();
      if (keytool.waitFor() != 0) {
        throw new IOException("keytool ended with " + keytool.exitValue());
      }
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), SECRET.toCharArray());
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, SECRET.toCharArray());
    TrustManagerFactory trusted =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }

  int port() {
    return server.getPortAllocated();
  }

  List<Received> received() {
    return received;
  }

  /** How often a password came, right or wrong. */
  int logins() {
    return logins.get();
  }

  @Override
  public void close() {
    server.stop();
  }

  /** A local part such as {@code rcpt-451} asks to be answered so where it is a recipient. */
  private static void refuse(String where, String address) throws RejectException {
    if (address.startsWith(where + "-")) {
      int code = Integer.parseInt(address.substring(where.length() + 1, where.length() + 4));
      throw new RejectException(code, "not " + where);
    }
  }

  private final class Keeping implements MessageHandler {
    private final MessageContext context;
    private String from;
    private String to;

    Keeping(MessageContext context) {
      this.context = context;
    }

    @Override
    public void from(String address) throws RejectException {
      refuse("mail", address);
      from = address;
    }

    @Override
    public void recipient(String address) throws RejectException {
      refuse("rcpt", address);
      to = address;
    }

    @Override
    public String data(InputStream in) throws IOException, RejectException {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      refuse("data", to);
      boolean tls = ((Session) context).isTLSStarted();
      received.add(new Received(from, to, tls, user(), text));
      return null;
    }

    private Optional<String> user() {
      return context.getAuthenticationHandler().map(handler -> (String) handler.getIdentity());
    }

    @Override
    public void done() {
      // nothing is left open
    }
  }
}
