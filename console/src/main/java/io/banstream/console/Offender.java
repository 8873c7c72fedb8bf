package io.banstream.console;

import io.banstream.jails.Jail;
import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An address that comes back.
 *
 * @param bans how often it was banned, recidive's own bans left out
 * @param jails the jails that banned it
 * @param newest when it was last banned
 * @param banned a ban on it is in force
 */
record Offender(
    Address address, int bans, SortedSet<String> jails, Instant newest, boolean banned) {
  static Offender of(Address address, Collection<EvidenceLog.Ban> of, boolean banned) {
    int bans = 0;
    SortedSet<String> jails = new TreeSet<>();
    Instant newest = Instant.MIN;
    for (EvidenceLog.Ban ban : of) {
      bans += ban.key().jail().equals(Jail.RECIDIVE) ? 0 : 1;
      jails.add(ban.key().jail());
      newest = ban.from().isAfter(newest) ? ban.from() : newest;
    }
    return new Offender(address, bans, jails, newest, banned);
  }
}
