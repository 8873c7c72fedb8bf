package io.banstream.console;

import io.banstream.jails.BanFormula;
import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Subnet;
import io.banstream.schemas.Address;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One value of a policy, under jail.conf's name for it.
 *
 * @param name as in jail.conf
 * @param value as jail.conf writes it
 */
record PolicyKey(String name, Function<Policy, String> value) {
  static final PolicyKey IGNOREIP = new PolicyKey("ignoreip", p -> networks(p.ignoreip()));

  /** All but ignoreip, which is not one value but the groups' union. */
  static final List<PolicyKey> SINGLE =
      List.of(
          new PolicyKey("findtime", p -> seconds(p.findtime())),
          new PolicyKey("bantime", p -> p.bantime().map(PolicyKey::seconds).orElse("-1")),
          new PolicyKey("maxretry", p -> Integer.toString(p.maxretry())),
          new PolicyKey("scope", p -> p.scope() == Policy.Scope.HOST ? "host" : "fleet"),
          new PolicyKey("ipv6prefix", p -> Integer.toString(p.ipv6prefix())),
          new PolicyKey("bantime.increment", p -> Boolean.toString(p.increment().enabled())),
          new PolicyKey("bantime.factor", p -> number(p.increment().factor())),
          new PolicyKey(
              "bantime.formula", p -> p.increment().formula().map(BanFormula::toString).orElse("")),
          new PolicyKey(
              "bantime.multipliers",
              p ->
                  p.increment().multipliers().stream()
                      .map(PolicyKey::number)
                      .collect(Collectors.joining(" "))),
          new PolicyKey(
              "bantime.maxtime", p -> p.increment().maxtime().map(PolicyKey::seconds).orElse("")),
          new PolicyKey("bantime.rndtime", p -> seconds(p.increment().rndtime())),
          new PolicyKey(
              "bantime.overalljails", p -> Boolean.toString(p.increment().overalljails())),
          new PolicyKey("longtime", p -> p.slow().map(s -> seconds(s.longtime())).orElse("")),
          new PolicyKey(
              "longretry", p -> p.slow().map(s -> Integer.toString(s.longretry())).orElse("")),
          new PolicyKey(
              "recidive.jails",
              p ->
                  p.bansOf().stream()
                      .flatMap(Set::stream)
                      .sorted()
                      .collect(Collectors.joining(" "))),
          new PolicyKey("subnet.maxbans", p -> subnet(p, Subnet::maxbans)),
          new PolicyKey("subnet.prefix4", p -> subnet(p, Subnet::prefix4)),
          new PolicyKey("subnet.prefix6", p -> subnet(p, Subnet::prefix6)),
          new PolicyKey("dbpurgeage", p -> seconds(p.dbpurgeage())),
          new PolicyKey("guard.bans", p -> Integer.toString(p.guard().bans())),
          new PolicyKey("guard.time", p -> seconds(p.guard().time())),
          new PolicyKey("guard.confirm", p -> Boolean.toString(p.guard().confirm())),
          new PolicyKey("users.maxnames", p -> Integer.toString(p.maxnames())),
          new PolicyKey("guard.spare", p -> networks(p.guard().spare())),
          new PolicyKey("forgive", p -> Boolean.toString(p.trust().forgive())),
          new PolicyKey("known.days", p -> Long.toString(p.trust().known().toDays())));

  private static String networks(List<Address> networks) {
    return networks.stream().sorted().map(Address::toString).collect(Collectors.joining(" "));
  }

  private static String subnet(Policy p, Function<Subnet, Integer> value) {
    return p.subnet().map(value).map(n -> Integer.toString(n)).orElse("");
  }

  private static String seconds(Duration d) {
    return BigDecimal.valueOf(d.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  private static String number(double d) {
    return BigDecimal.valueOf(d).stripTrailingZeros().toPlainString();
  }
}
