package io.banstream.console;

import io.banstream.schemas.Decision;
import io.banstream.schemas.EvidenceFailure;
import java.util.ArrayList;
import java.util.List;

/** A ban in a mail; its subject is fail2ban's, by which people sort theirs. */
final class BanMail {
  private static final int LINES_SHOWN = 50;

  private BanMail() {}

  /**
   * One ban.
   *
   * @param whois what is known of whose the address is, a line each
   */
  static Mail of(MailAction action, Announcement ban, List<String> whois) {
    Decision decision = ban.decision();
    String subject =
        "[Fail2Ban] " + action.name() + ": banned " + decision.getAddress() + from(ban.hosts());
    List<String> lines = new ArrayList<>();
    lines.add(ban.line() + ".");
    if (action.lines()) {
      lines.addAll(List.of("", "What the logs said:"));
      ban.evidence().stream()
          .flatMap(e -> e.getFailures().stream())
          .limit(LINES_SHOWN)
          .map(BanMail::logged)
          .forEach(lines::add);
    }
    if (action.whois()) {
      lines.addAll(List.of("", "Whose address that is, by whois:"));
      lines.addAll(whois);
    }
    lines.addAll(
        List.of("", "All that is known of it: banstream explain " + decision.getAddress()));
    return new Mail(action, subject, lines);
  }

  private static String from(List<String> hosts) {
    return hosts.isEmpty() ? "" : " from " + String.join(", ", hosts);
  }

  private static String logged(EvidenceFailure failure) {
    String said = failure.getLine().isEmpty() ? "(its line is not kept)" : failure.getLine();
    return "  " + failure.getTime() + " " + failure.getHost() + ": " + said;
  }

  /** What went over the limit, in one. */
  static Mail digest(Gathering bans) {
    return new Mail(bans.action(), "[Fail2Ban] " + bans.size() + " more bans", bans.lines());
  }

  /** What a buffered action gathered, in one; its subject is fail2ban's. */
  static Mail summary(Gathering bans) {
    String subject = "[Fail2Ban] " + bans.action().name() + ": summary" + from(bans.hosts());
    return new Mail(bans.action(), subject, bans.lines());
  }
}
