package io.banstream.jails;

import io.banstream.jails.Notice.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a jail that counts bans can ever ban somebody for the bans of one jail: the next ban of
 * an address comes after the last one's end, so with a bantime that is long beside recidive's
 * findtime never enough of them fall into it. On fail2ban that goes unseen.
 */
final class RecidiveReach {
  private RecidiveReach() {}

  /**
   * @param jails all that are enabled
   * @param notices is told where none of them reaches it alone, and where it names none of them
   */
  static void tell(List<Jail> jails, Ini ini, List<Notice> notices) {
    for (Jail recidive : jails) {
      if (recidive.isRecidive()) {
        tellUnknown(recidive, jails, ini, notices);
        tellTooShort(recidive, jails, ini, notices);
      }
    }
  }

  private static void tellUnknown(Jail recidive, List<Jail> jails, Ini ini, List<Notice> notices) {
    Set<String> named = new TreeSet<>(recidive.policy().bansOf().orElse(Set.of()));
    jails.stream().filter(j -> !j.isRecidive()).map(Jail::name).forEach(named::remove);
    for (String name : named) {
      String text =
          "recidive.jails = "
              + Printable.of(name)
              + ": no jail of that name counts failed logins and is enabled";
      String where = ini.where(recidive.name(), "recidive.jails");
      notices.add(new Notice(Severity.WARNING, where, text));
    }
  }

  private static void tellTooShort(Jail recidive, List<Jail> jails, Ini ini, List<Notice> notices) {
    Policy policy = recidive.policy();
    Optional<Duration> shortest =
        jails.stream()
            .filter(j -> !j.isRecidive() && policy.countsBansOf(j.name()))
            .flatMap(j -> j.policy().bantime().stream())
            .min(Duration::compareTo);
    if (policy.maxretry() >= 2 && shortest.isPresent() && !reaches(shortest.get(), policy)) {
      String text =
          String.format(
              "%s wants %d bans within findtime = %d s, and no jail bans an address again before"
                  + " bantime = %d s are over: only bans of several jails can meet there",
              recidive.name(),
              policy.maxretry(),
              policy.findtime().toSeconds(),
              shortest.get().toSeconds());
      String where = ini.where(recidive.name(), "findtime");
      notices.add(new Notice(Severity.WARNING, where, text));
    }
  }

  private static boolean reaches(Duration bantime, Policy recidive) {
    Duration apart = bantime.multipliedBy(recidive.maxretry() - 1L);
    return apart.compareTo(recidive.findtime()) < 0;
  }
}
