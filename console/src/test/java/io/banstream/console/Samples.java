package io.banstream.console;

import io.banstream.jails.Enforcement;
import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import io.banstream.jails.FilterDefinition;
import io.banstream.jails.Jail;
import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Sources;
import io.banstream.jails.Sources.UseDns;
import io.banstream.schemas.Address;
import io.banstream.schemas.Alert;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.EvidenceFailure;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.Position;
import io.banstream.schemas.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the tests of the console begin with. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-11-25T05:00:00Z");

  private Samples() {}

  static Jail jail(String name, int bantimeSeconds, String... ignoreip) {
    Policy policy =
        new Policy(
            Duration.ofMinutes(10),
            Optional.of(Duration.ofSeconds(bantimeSeconds)),
            3,
            Stream.of(ignoreip).map(Address::parse).toList(),
            Scope.FLEET,
            128,
            Increment.OFF,
            Duration.ofDays(1),
            Policy.Guard.DEFAULT,
            Optional.empty(),
            Optional.empty(),
            Policy.Trust.DEFAULT,
            Optional.empty(),
            0);
    return new Jail(name, policy, sources("/var/log/maillog"), enforcement());
  }

  static Sources sources(String file) {
    return new Sources(
        new FilterDefinition(
            "sample",
            Optional.empty(),
            List.of("from <HOST>$"),
            List.of(),
            Optional.empty(),
            1,
            List.of("_SYSTEMD_UNIT=postfix.service"),
            List.of()),
        List.of(file),
        false,
        "auto",
        Optional.empty(),
        UseDns.WARN,
        true,
        List.of(),
        false,
        false,
        Optional.empty());
  }

  static Enforcement enforcement() {
    return new Enforcement(
        List.of(
            new Closure(
                List.of(new PortRange(25, 25)), "tcp", "INPUT", "DROP", "iptables-multiport")),
        List.of(),
        false);
  }

  static Decision ban(String address, String jail, Instant from, Duration length) {
    return new Decision(
        Verdict.BAN,
        jail,
        address,
        DecisionKey.FLEET,
        from,
        from.plus(length),
        1,
        3,
        1L,
        false,
        false);
  }

  /** A task's: that host's word alone made 250 bans within an hour. */
  static Alert alert(String host, String jail, int partition, Instant time) {
    return new Alert(
        time, "guard.bans", host, jail, "203.0.113.9", 250, 250, 3_600_000L, partition);
  }

  /** A failed login with a name that nobody may have. */
  static Attempt guess(String address, String user, long offset) {
    Position position = new Position("incarnation", "/var/log/auth.log", 0L, offset, 0);
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return new Attempt(
        Outcome.FAILURE, "sshd", address, "relay1", now, position, user, "line of " + user);
  }

  static Decision unban(String address, String jail, Instant at) {
    return new Decision(
        Verdict.UNBAN, jail, address, DecisionKey.FLEET, at, at, 1, 0, 1L, false, false);
  }

  static Evidence evidence(Decision d, String user, String... hosts) {
    List<EvidenceFailure> failures =
        Stream.of(hosts)
            .map(h -> new EvidenceFailure(d.getFrom(), h, user, "a line that names " + user, null))
            .toList();
    return new Evidence(
        d.getJail(),
        d.getAddress(),
        d.getReach(),
        d.getFrom(),
        d.getUntil(),
        failures,
        null,
        null,
        null);
  }
}
