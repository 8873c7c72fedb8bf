package io.banstream.standalone;

import io.banstream.console.MailSettings;
import io.banstream.console.SmtpServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.Option;

/** How bans are told by mail. */
final class MailOptions {
  private static final Path NONE = Path.of("none");
  private static final String STANDARD = "/usr/sbin/sendmail";

  @Option(
      names = "--sendmail",
      paramLabel = "PATH",
      description =
          "The program that takes the mails that jails' actions ask for (sendmail-whois "
              + "and the like): one a ban for the whole fleet. 'none': no mails (default: "
              + STANDARD
              + ", and none with a firewall that is a dry run).")
  private String sendmail;

  @Option(
      names = "--smtp",
      paramLabel = "URL",
      description =
          "Send them by this server instead, where there is no sendmail: smtp://HOST[:25], "
              + "with STARTTLS where it is offered, or smtps://HOST[:465] (default: none).")
  private String smtp;

  @Option(
      names = "--smtp-login",
      paramLabel = "FILE",
      description =
          "Lines 'user = ...' and 'password = ...' for that server; sent through TLS alone, "
              + "and only to whom the certificate names (default: no login).")
  private Path login;

  @Option(
      names = "--mails",
      paramLabel = "NUMBER",
      defaultValue = "60",
      description =
          "Mails an hour to each recipient; further bans go into one at the hour's end "
              + "(default: ${DEFAULT-VALUE}).")
  private int hourly;

  /**
   * @param dryRun whether nothing is to be touched unless it is asked for
   * @throws IllegalArgumentException in one line, if the options do not go together, or one is out
   *     of its range
   */
  MailSettings settings(boolean dryRun) throws IOException {
    if (login != null && smtp == null) {
      throw new IllegalArgumentException("smtp-login = " + login + ", expected --smtp beside it");
    }
    Optional<Path> program = Optional.ofNullable(sendmail).map(Path::of);
    if (sendmail == null && smtp == null && !dryRun) {
      program = Optional.of(Path.of(STANDARD));
    }
    Optional<SmtpServer> server = Optional.empty();
    if (smtp != null) {
      server = Optional.of(SmtpServer.parse(smtp, login()));
    }
    return new MailSettings(program.filter(p -> !p.equals(NONE)), server, hourly);
  }

  private Optional<SmtpServer.Login> login() throws IOException {
    if (login == null) {
      return Optional.empty();
    }
    Properties file = PropertiesFile.read(login);
    try {
      return Optional.of(
          new SmtpServer.Login(file.getProperty("user", ""), file.getProperty("password", "")));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(login + ": " + e.getMessage(), e);
    }
  }
}
