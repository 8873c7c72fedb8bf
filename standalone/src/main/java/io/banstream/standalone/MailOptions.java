package io.banstream.standalone;

import io.banstream.console.MailSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How bans are told by mail. */
final class MailOptions {
  private static final String NONE = "none";
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
      names = "--mails",
      paramLabel = "NUMBER",
      defaultValue = "60",
      description =
          "Mails an hour to each recipient; further bans go into one at the hour's end "
              + "(default: ${DEFAULT-VALUE}).")
  private int hourly;

  /**
   * @param dryRun whether nothing is to be touched unless it is asked for
   * @throws IllegalArgumentException in one line, if the number is out of its range
   */
  MailSettings settings(boolean dryRun) {
    String program = sendmail != null ? sendmail : dryRun ? NONE : STANDARD;
    return new MailSettings(
        program.equals(NONE) ? Optional.empty() : Optional.of(Path.of(program)), hourly);
  }
}
