package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import io.banstream.schemas.Address;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The two configurations that the project began with, where ../shared has them. */
class SeedTest {
  private static final String REJECT = "REJECT --reject-with icmp-port-unreachable";
  private static final List<PortRange> DOVECOT_PORTS = ports(110, 995, 143, 993, 587, 465, 4190);

  private static Configuration seed(String host) throws ConfigurationException {
    Path dir =
        Path.of(System.getProperty("banstream.root"), "..", "shared", "seed", host, "fail2ban");
    assumeTrue(Files.isDirectory(dir), "skipped: no ../shared/seed");
    return Configuration.read(dir);
  }

  private static Jail jail(Configuration configuration, String name) {
    return configuration.jails().stream()
        .filter(j -> j.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<PortRange> ports(int... ports) {
    return IntStream.of(ports).mapToObj(p -> new PortRange(p, p)).toList();
  }

  private static List<String> actions(Jail jail) {
    return jail.enforcement().actions().stream().map(Enforcement.ActionCall::name).toList();
  }

  @Test
  void bothHaveTheFourJails() throws Exception {
    for (String host : List.of("centos6", "centos7")) {
      assertThat(seed(host).jails().stream().map(Jail::name))
          .containsExactly("sshd", "postfix-sasl", "dovecot", "recidive");
    }
  }

  @Test
  void eachHasItsOwnTimes() throws Exception {
    Policy six = jail(seed("centos6"), "postfix-sasl").policy();
    Policy seven = jail(seed("centos7"), "postfix-sasl").policy();
    assertThat(six.bantime()).contains(Duration.ofSeconds(3600));
    assertThat(seven.bantime()).contains(Duration.ofSeconds(144_000));
    for (Policy policy : List.of(six, seven)) {
      assertThat(policy.findtime()).isEqualTo(Duration.ofSeconds(300));
      assertThat(policy.maxretry()).isEqualTo(3);
    }
    assertThat(six.ignoreip())
        .contains(Address.parse("10.0.0.0/8"), Address.parse("172.16.0.0/16"))
        .hasSize(4);
    assertThat(seven.ignoreip()).isEmpty();
  }

  @Test
  void aWeekForRecidiveAfterThreeBansInADay() throws Exception {
    for (String host : List.of("centos6", "centos7")) {
      Policy policy = jail(seed(host), "recidive").policy();
      assertThat(policy.bantime()).contains(Duration.ofDays(7));
      assertThat(policy.findtime()).isEqualTo(Duration.ofDays(1));
      assertThat(policy.maxretry()).isEqualTo(3);
    }
  }

  @Test
  void centos6ClosesByIptablesWithTheBlocktypeOfItsLocalFile() throws Exception {
    Configuration six = seed("centos6");
    assertThat(jail(six, "sshd").enforcement().closures())
        .containsExactly(new Closure(ports(22), "tcp", "INPUT", "DROP", "iptables-multiport"));
    assertThat(jail(six, "postfix-sasl").enforcement().closures())
        .containsExactly(new Closure(ports(25), "tcp", "INPUT", "DROP", "iptables"));
    assertThat(actions(jail(six, "postfix-sasl"))).containsExactly("sendmail-whois");
    assertThat(jail(six, "dovecot").enforcement().closures())
        .containsExactly(new Closure(DOVECOT_PORTS, "tcp", "INPUT", "DROP", "iptables-multiport"));
    assertThat(jail(six, "recidive").enforcement().closures())
        .containsExactly(new Closure(List.of(), "tcp", "INPUT", "DROP", "iptables-allports"));
    assertThat(actions(jail(six, "recidive"))).containsExactly("sendmail-whois-lines");
  }

  /**
   * action_ puts its brackets behind the banaction's last line, so the first has none: the mail is
   * given the jail's ports, and firewallcmd-ipset closes all.
   */
  @Test
  void centos7ClosesAllPortsWhereItsBanactionHasTwoLines() throws Exception {
    Configuration seven = seed("centos7");
    Closure all = new Closure(List.of(), "tcp", "INPUT", REJECT, "firewallcmd-ipset");
    for (String name : List.of("postfix-sasl", "recidive")) {
      Jail jail = jail(seven, name);
      assertThat(jail.enforcement().closures()).containsExactly(all);
      assertThat(actions(jail)).containsExactly("sendmail-whois");
      assertThat(jail.enforcement().actions().get(0).options())
          .containsEntry("name", name)
          .containsEntry("sendername", "Fail2Ban");
    }
    assertThat(jail(seven, "dovecot").enforcement().closures())
        .containsExactly(new Closure(DOVECOT_PORTS, "tcp", "INPUT", REJECT, "iptables-multiport"));
  }

  @Test
  void centos6ReadsFilesAndCentos7TheJournal() throws Exception {
    Sources six = jail(seed("centos6"), "postfix-sasl").sources();
    assertThat(six.journal()).isFalse();
    assertThat(six.logpath()).containsExactly("/var/log/maillog");
    Sources seven = jail(seed("centos7"), "postfix-sasl").sources();
    assertThat(seven.journal()).isTrue();
    assertThat(seven.filter().journalmatch()).contains("_SYSTEMD_UNIT=postfix.service");
    String login =
        "relay1 postfix/smtpd[1]: warning: unknown[192.0.2.5]: SASL LOGIN authentication failed: x";
    assertThat(hosts(seven.filter(), login)).containsExactly("192.0.2.5");
  }

  @Test
  void theAdministratorsOwnLinesOfDovecotCountToo() throws Exception {
    FilterDefinition dovecot = jail(seed("centos6"), "dovecot").sources().filter();
    assertThat(dovecot.failregex()).hasSize(5);
    for (String line :
        List.of(
            "relay1 dovecot: auth: Debug: pam(alice,192.0.2.5): lookup service=dovecot",
            "relay1 dovecot: auth: pam(alice,192.0.2.5): unknown user",
            "relay1 dovecot: imap-login: Disconnected (auth failed, 1 attempts): user=<a>,"
                + " method=PLAIN, rip=192.0.2.5, lip=198.51.100.1",
            "relay1 dovecot: auth: Debug: client in: AUTH#0111#011PLAIN#011service=imap#011lip=1"
                + "#011rip=192.0.2.5#011lport=143#011rport=4567#011resp=x")) {
      assertThat(hosts(dovecot, line)).as(line).containsExactly("192.0.2.5");
    }
  }

  private static List<String> hosts(FilterDefinition filter, String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    LineMatcher matcher = LineMatcher.compile(filter, new MatchSettings(ZoneOffset.UTC, "auto"));
    List<Match> found = new ArrayList<>();
    new FilterSet(List.of(matcher))
        .scan(bytes, 0, bytes.length, l -> found.addAll(l.matchUndated(0, Instant.EPOCH)));
    return found.stream().map(Match::host).toList();
  }

  @Test
  void fail2banLocalSetsLevelAndTarget() throws Exception {
    Settings settings = seed("centos6").settings();
    assertThat(settings.loglevel()).isEqualTo(LogLevel.NOTICE);
    assertThat(settings.logtarget().text()).isEqualTo("/var/log/fail2ban.log");
  }

  @Test
  void slipsAreToldWithFileAndLine() throws Exception {
    assertThat(seed("centos6").notices())
        .extracting(Notice::toString)
        .satisfiesExactly(
            n -> assertThat(n).startsWith("fail2ban.local:3: loglevel is asked by --ban-log"),
            n -> assertThat(n).startsWith("jail.local:21: port: imap3 is port 220"),
            n -> assertThat(n).startsWith("jail.local:21: port is not what is closed"),
            n -> assertThat(n).startsWith("jail.local:33: filter is not needed"),
            n -> assertThat(n).startsWith("jail.local:34: logpath is not needed"));
    assertThat(seed("centos7").notices())
        .extracting(Notice::toString)
        .satisfiesExactly(
            n -> assertThat(n).startsWith("jail.local:20: port: imap3 is port 220"),
            n -> assertThat(n).startsWith("jail.local:20: port is not what is closed"),
            n -> assertThat(n).startsWith("jail.local:32: logpath is not needed"),
            n -> assertThat(n).startsWith("jail.local:34: logpath: 'sendmail-whois-lines["),
            n -> assertThat(n).startsWith("jail.local:2: backend = systemd made fail2ban's"),
            n -> assertThat(n).startsWith("jail.local:40: recidive wants 3 bans within"));
  }

  @Test
  void bothTravelUnchanged() throws Exception {
    for (String host : List.of("centos6", "centos7")) {
      for (Jail jail : seed(host).jails()) {
        assertThat(Optional.of(JailRecords.jail(JailRecords.record(host, 1, jail)))).contains(jail);
      }
    }
  }
}
