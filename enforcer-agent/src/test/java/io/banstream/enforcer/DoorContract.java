package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.enforcer.Knock.Answer;
import io.banstream.jails.Enforcement.Closure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which packets of a banned address are closed out, and what it is told. */
abstract class DoorContract extends BanContract {
  private void banned(Closure... closures) {
    table.jail("jail", List.of(closures));
    begin();
    decide("jail", ONE, in(600));
    decide("jail", ONE6, in(600));
  }

  private static Closure closure(String ports, String protocol, String chain, String blocktype) {
    return IptablesScriptTest.closure(ports, protocol, chain, blocktype);
  }

  /** The lists with commas are of more than the fifteen that one rule of iptables takes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          25        | tcp  | tcp 25                        | tcp 26, udp 25, icmp
          53        | udp  | udp 53                        | tcp 53, udp 25, icmp
          53        | all  | tcp 53, udp 53                | tcp 25, udp 25, icmp
          2001:2019 | tcp  | tcp 2001, tcp 2010, tcp 2019  | tcp 2000, tcp 2020, udp 2010
          1:24,53,80,110,143,443,465,587,990,993,995,2000,2001,2002,2003,2004,2005,2010:2020 | tcp \
           | tcp 53, tcp 995, tcp 2004, tcp 2005, tcp 2010, tcp 2020 | tcp 25, tcp 2006, tcp 2021, udp 53
          2000,2001,2002,2003,2004,2005,2006,2007,2008,2009,2010,2011,2012,2013,2014,2015,2016 | udp \
           | udp 2000, udp 2014, udp 2015, udp 2016 | udp 2017, tcp 2000
                    | tcp  | tcp 25, tcp 2021              | udp 25, icmp
                    | udp  | udp 25, udp 2021              | tcp 25, icmp
                    | icmp | icmp                          | tcp 25, udp 25
                    | all  | tcp 25, udp 25, icmp          |
          """)
  void itsPortsAndProtocolsAreClosedAndNoOthers(
      String ports, String protocol, String closed, String open) {
    banned(closure(ports == null ? "" : ports, protocol, "INPUT", "DROP"));
    for (String address : List.of(ONE, ONE6)) {
      expect(
          silent(address, closed.split(", ")),
          open == null ? answered(OTHER) : answered(address, open.split(", ")),
          answered(OTHER, closed.split(", ")));
    }
  }

  /**
   * @param told whether it is told by icmp rather than by a reset
   */
  @ParameterizedTest
  @CsvSource({
    "DROP,                                       all, SILENT,   SILENT,      false",
    "REJECT,                                     all, REFUSED,  REFUSED,     true",
    "REJECT --reject-with tcp-reset,             tcp, REFUSED,  ANSWERED,    false",
    "REJECT --reject-with icmp-port-unreachable, udp, ANSWERED, REFUSED,     true",
    "REJECT --reject-with icmp-admin-prohibited, udp, ANSWERED, UNREACHABLE, true",
    "REJECT --reject-with icmp-host-prohibited,  udp, ANSWERED, UNREACHABLE, true",
  })
  void whoIsClosedOutIsToldWhatTheBlocktypeSays(
      String blocktype, String protocol, Answer tcp, Answer udp, boolean told) {
    banned(closure("25", protocol, "INPUT", blocktype));
    long before = host().toldUnreachable();
    expect(
        seen(tcp, ONE, "tcp 25"),
        seen(udp, ONE, "udp 25"),
        seen(tcp, ONE6, "tcp 25"),
        seen(udp, ONE6, "udp 25"));
    assertThat(host().toldUnreachable() - before).matches(more -> told == more > 0);
  }

  @Test
  void whatIsForwardedIsClosedWhereTheJailSaysSo() {
    banned(closure("", "all", "FORWARD", "DROP"));
    expect(
        answered(ONE, "tcp 25", "udp 25", "icmp"),
        answered(ONE6, "tcp 25", "udp 25", "icmp"),
        seenAt(HostUnderAttack.BEHIND, Answer.SILENT, ONE, "tcp 25", "udp 25", "icmp"),
        seenAt(HostUnderAttack.BEHIND6, Answer.SILENT, ONE6, "tcp 25", "udp 25", "icmp"),
        seenAt(HostUnderAttack.BEHIND, Answer.ANSWERED, OTHER, "tcp 25", "udp 25", "icmp"),
        seenAt(HostUnderAttack.BEHIND6, Answer.ANSWERED, OTHER6, "tcp 25", "udp 25", "icmp"));
  }

  @Test
  void eachClosureOfAJailIsCarriedOut() {
    banned(
        closure("25", "tcp", "INPUT", "DROP"),
        closure("53", "udp", "INPUT", "REJECT"),
        closure("2000:2005", "tcp", "FORWARD", "REJECT --reject-with tcp-reset"));
    expect(
        silent(ONE, "tcp 25"),
        seen(Answer.REFUSED, ONE, "udp 53"),
        answered(ONE, "udp 25", "tcp 2000"),
        seenAt(HostUnderAttack.BEHIND, Answer.REFUSED, ONE, "tcp 2000", "tcp 2005"),
        seenAt(HostUnderAttack.BEHIND, Answer.ANSWERED, ONE, "tcp 25", "udp 53"),
        seenAt(HostUnderAttack.BEHIND6, Answer.REFUSED, ONE6, "tcp 2000"),
        seenAt(HostUnderAttack.BEHIND6, Answer.ANSWERED, ONE6, "tcp 2006"));
  }
}
