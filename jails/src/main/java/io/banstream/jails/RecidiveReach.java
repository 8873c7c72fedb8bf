package io.banstream.jails;

import io.banstream.jails.Notice.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether recidive can ever ban somebody for the bans of one jail: the next ban of an address comes
 * after the last one's end, so with a bantime that is long beside recidive's findtime never enough
 * of them fall into it. On fail2ban that goes unseen.
 */
final class RecidiveReach {
  private RecidiveReach() {}

  /**
   * @param jails all that are enabled
   * @param notices is told where none of them reaches recidive alone
   */
  static void tell(List<Jail> jails, Ini ini, List<Notice> notices) {
    Optional<Jail> recidive = jails.stream().filter(Jail::isRecidive).findFirst();
    if (recidive.isEmpty() || recidive.get().policy().maxretry() < 2) {
      return;
    }
    Policy policy = recidive.get().policy();
    Optional<Duration> shortest =
        jails.stream()
            .filter(j -> !j.isRecidive())
            .flatMap(j -> j.policy().bantime().stream())
            .min(Duration::compareTo);
    if (shortest.isPresent() && !reaches(shortest.get(), policy)) {
      String text =
          String.format(
              "recidive wants %d bans within findtime = %d s, and no jail bans an address again before"
                  + " bantime = %d s are over: only bans of several jails can meet there",
              policy.maxretry(), policy.findtime().toSeconds(), shortest.get().toSeconds());
      notices.add(new Notice(Severity.WARNING, ini.where(Jail.RECIDIVE, "findtime"), text));
    }
  }

  private static boolean reaches(Duration bantime, Policy recidive) {
    Duration apart = bantime.multipliedBy(recidive.maxretry() - 1L);
    return apart.compareTo(recidive.findtime()) < 0;
  }
}
