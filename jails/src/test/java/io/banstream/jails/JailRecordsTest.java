package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.jails.Enforcement.ActionCall;
import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Sources.UseDns;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JailRecordsTest {
  private static final Jail JAIL =
      new Jail(
          "postfix-sasl",
          new Policy(
              Duration.ofSeconds(300),
              Optional.of(Duration.ofHours(1)),
              3,
              List.of(Address.parse("198.51.100.0/24"), Address.parse("::1")),
              Scope.HOST,
              64,
              new Increment(
                  true,
                  2,
                  List.of(1.0, 5.0),
                  Optional.of(Duration.ofDays(30)),
                  Duration.ofSeconds(90),
                  true,
                  Optional.of(BanFormula.parse("ban.Time * 2 ** ban.Count"))),
              Duration.ofDays(1),
              new Policy.Guard(7, Duration.ofMinutes(5), true, List.of()),
              Optional.of(new Policy.Slow(Duration.ofDays(7), 20)),
              Optional.of(Set.of("sshd", "dovecot")),
              new Policy.Trust(true, Duration.ofDays(7)),
              Optional.of(new Policy.Subnet(5, 28, 56)),
              4),
          new Sources(
              new FilterDefinition(
                  "postfix-sasl",
                  Optional.of("^<F-CONTENT>.+</F-CONTENT>$"),
                  List.of("from <HOST>$"),
                  List.of("^ok"),
                  Optional.of("{^LN-BEG}"),
                  2,
                  List.of("_SYSTEMD_UNIT=postfix.service"),
                  List.of("^in from <HOST>$")),
              List.of("/var/log/maillog"),
              false,
              "utf-8",
              Optional.of("UTC+0200"),
              UseDns.NO,
              false,
              List.of("/var/log/maillog"),
              true,
              false,
              Optional.of(
                  new IgnoreCommand(
                      "/usr/bin/known <ip>",
                      Optional.of(new IgnoreCommand.Cache("<ip>", 50, Duration.ofMinutes(5)))))),
          new Enforcement(
              List.of(
                  new Closure(
                      List.of(new PortRange(25, 25), new PortRange(6000, 6010)),
                      "tcp",
                      "INPUT",
                      "REJECT --reject-with icmp-port-unreachable",
                      "iptables-multiport")),
              List.of(
                  new ActionCall(
                      "sendmail-whois", Map.of("dest", "root@example.com"), Optional.empty()),
                  new ActionCall(
                      "mine",
                      Map.of(),
                      Optional.of(
                          new ActionCommands(
                              "mine-a",
                              Map.of("actionban", "x <ip>"),
                              Map.of("actionban", "y <ip>"))))),
              true));

  @Test
  void aJailComesBackAsItWas() {
    assertThat(JailRecords.jail(JailRecords.record("centos6", 7, JAIL))).isEqualTo(JAIL);
  }

  @Test
  void aJailOfTheSyslogSocketsComesBack() {
    var record = JailRecords.record("centos6", 7, JAIL);
    assertThat(record.getSources().getSyslog()).isFalse();
    record.getSources().setJournalIfNoLogs(false);
    record.getSources().setSyslog(true);
    Jail back = JailRecords.jail(record);
    assertThat(back.sources().syslog()).isTrue();
    assertThat(JailRecords.record("centos6", 7, back)).isEqualTo(record);
  }

  @Test
  void aBanForEverComesBack() {
    Policy p = JAIL.policy();
    Policy ever =
        new Policy(
            p.findtime(),
            Optional.empty(),
            p.maxretry(),
            p.ignoreip(),
            Scope.FLEET,
            128,
            Increment.OFF,
            p.dbpurgeage(),
            new Policy.Guard(7, Duration.ofMinutes(5), true, List.of()),
            Optional.empty(),
            Optional.empty(),
            new Policy.Trust(true, Duration.ofDays(7)),
            Optional.empty(),
            4);
    assertThat(JailRecords.policy(JailRecords.record("sshd", ever))).isEqualTo(ever);
  }

  @Test
  void whatTravelsIsCheckedWhenItArrives() {
    var record = JailRecords.record("centos6", 7, JAIL);
    record.getPolicy().setMaxretry(0);
    assertThatThrownBy(() -> JailRecords.jail(record))
        .hasMessage("maxretry = 0, expected 1 or more");
    record.getPolicy().setMaxretry(1);
    record.getEnforcement().getClosures().get(0).setChain("INPUT; id");
    assertThatThrownBy(() -> JailRecords.jail(record)).hasMessageContaining("chain = INPUT; id");
  }
}
