package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Freezes the layout that scripts read: what fail2ban-client 1.0.2 prints. */
class StatusTextTest {
  private static JsonNode json(String text) throws Exception {
    return Json.MAPPER.readTree(text);
  }

  @Test
  void jailsAreListedAsFail2banClientDoes() throws Exception {
    assertThat(StatusText.status(json("{\"jails\":[{\"jail\":\"dovecot\"},{\"jail\":\"sshd\"}]}")))
        .isEqualTo("Status\n|- Number of jail:\t2\n`- Jail list:\tdovecot, sshd");
    assertThat(StatusText.status(json("{\"jails\":[]}")))
        .isEqualTo("Status\n|- Number of jail:\t0\n`- Jail list:\t");
  }

  @Test
  void aJailOfFilesIsLaidOutAsFail2banClientDoes() throws Exception {
    assertThat(
            StatusText.jail(
                json(
                    """
                    {"jail":"sshd","currentlyFailed":1,"totalFailed":9,"currentlyBanned":2,
                     "totalBanned":4,"journal":false,"files":["/var/log/a","/var/log/b"],
                     "journalMatches":[],"bannedAddresses":["192.0.2.1","192.0.2.2"]}""")))
        .isEqualTo(
            """
            Status for the jail: sshd
            |- Filter
            |  |- Currently failed:\t1
            |  |- Total failed:\t9
            |  `- File list:\t/var/log/a /var/log/b
            `- Actions
               |- Currently banned:\t2
               |- Total banned:\t4
               `- Banned IP list:\t192.0.2.1 192.0.2.2""");
  }

  @Test
  void aJailOfTheJournalNamesItsMatches() throws Exception {
    assertThat(
            StatusText.jail(
                json(
                    """
                    {"jail":"sshd","journal":true,"files":[],
                     "journalMatches":["_SYSTEMD_UNIT=sshd.service","_COMM=sshd"],
                     "bannedAddresses":[]}""")))
        .contains("|  `- Journal matches:\t_SYSTEMD_UNIT=sshd.service + _COMM=sshd\n")
        .endsWith("`- Banned IP list:\t");
  }

  @Test
  void whatComesFromALogCannotSteerTheTerminal() throws Exception {
    String text =
        StatusText.explain(
            json(
                """
                {"address":"192.0.2.1","summary":"Not banned","jails":[],"allows":[],
                 "skipped":[],"bans":[],"over":[],"attemptsComplete":true,
                 "lastSuccess":{"time":"2026-11-25T04:30:00Z","host":"relay2","line":"in\\u001b"},
                 "attemptsSince":"2026-11-25T04:00:00.123Z","attempts":[
                 {"time":"2026-11-25T05:00:00.123Z","host":"relay1","jail":"sshd",
                  "outcome":"failure","user":"\\u001b]0;owned\\u0007","line":"a\\u202eb\\nc\\u009b1m"}]}
                """));
    assertThat(text)
        .isEqualTo(
            "192.0.2.1: Not banned\n"
                + "Last login that succeeded: 2026-11-25T04:30:00Z relay2: in\uFFFD\n"
                + "1 attempt since 2026-11-25T04:00:00Z\n"
                + "    sshd failure 2026-11-25T05:00:00Z relay1 user \uFFFD]0;owned\uFFFD:"
                + " a\uFFFDb\uFFFDc\uFFFD1m");
  }

  @Test
  void userNamesAreTablesThatCannotSteerTheTerminal() throws Exception {
    assertThat(
            StatusText.users(
                json(
                    """
                    {"whole":false,"leastNames":20,"leastAddresses":30,"names":[],
                     "addresses":[{"address":"192.0.2.1","names":21,
                      "someNames":["al\\u001bice","bob"]}]}""")))
        .isEqualTo(
            "ADDRESS    NAMES TRIED  SOME OF THEM\n"
                + "192.0.2.1  21           al\uFFFDice, bob\n"
                + "No name was tried from 30 addresses within 1 h.\n"
                + "There were more failures than the console looks at:"
                + " the counts are at least so high.");
  }

  @Test
  void alertsAreATableAndWhatTheyMean() throws Exception {
    assertThat(
            StatusText.alerts(
                json(
                    """
                    {"alerts":[{"host":"relay1","guard":"guard.bans","address":"192.0.2.1",
                      "since":"2026-11-25T05:00:00.500Z","latest":"2026-11-25T05:09:00Z",
                      "jails":["dovecot","sshd"],"words":"relay1 \\u001b[2J"}]}""")))
        .isEqualTo(
            """
            SINCE                 LATEST                HOST    GUARD       JAILS         FIRST HELD BACK
            2026-11-25T05:00:00Z  2026-11-25T05:09:00Z  relay1  guard.bans  dovecot sshd  192.0.2.1
            relay1 \uFFFD[2J.""");
    assertThat(StatusText.alerts(json("{\"alerts\":[]}"))).isEqualTo("No alerts.");
  }

  @Test
  void bansAreATable() throws Exception {
    assertThat(
            StatusText.bans(
                json(
                    """
                    {"bans":[{"address":"192.0.2.1","jail":"sshd","reach":"*","secondsLeft":90,
                      "until":"2026-11-25T05:00:00.500Z","nth":2,"failures":3,"hosts":["relay1"]},
                     {"address":"192.0.2.2","jail":"sshd","reach":"*","secondsLeft":90,
                      "until":"2026-11-25T05:00:00.500Z","nth":1,"failures":20,"hosts":[],
                      "longtime":604800},
                     {"address":"192.0.2.0/24","jail":"sshd","reach":"*","secondsLeft":90,
                      "until":"2026-11-25T05:00:00.500Z","nth":1,"failures":5,"hosts":[],
                      "network":true},
                     {"address":"2001:db8::/64","jail":"manual","reach":"relay1",
                      "secondsLeft":null,"until":null,"nth":1,"failures":0,"hosts":[],
                      "who":"root","why":"spam"}]}""")))
        .isEqualTo(
            """
            ADDRESS        JAIL    REACH   LEFT        UNTIL                 NTH  CAUSE
            192.0.2.1      sshd    fleet   1 min 30 s  2026-11-25T05:00:00Z  2    3 failures on relay1
            192.0.2.2      sshd    fleet   1 min 30 s  2026-11-25T05:00:00Z  1    20 failures within 7 d
            192.0.2.0/24   sshd    fleet   1 min 30 s  2026-11-25T05:00:00Z  1    5 addresses banned
            2001:db8::/64  manual  relay1  -           for ever              1    said by root, spam""");
    assertThat(StatusText.bans(json("{\"bans\":[]}"))).isEqualTo("No bans in force.");
  }
}
