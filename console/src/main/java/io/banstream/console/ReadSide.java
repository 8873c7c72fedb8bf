package io.banstream.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** All that can be asked. */
final class ReadSide {
  private static final Duration SHORTEST_LOOK = Duration.ofHours(1);
  private static final Duration LONGEST_LOOK = Duration.ofDays(7); // as long as attempts are kept

  private final View view;
  private final Answers answers;
  private final HostsAnswer hosts;
  private final RecentAttempts attempts;
  private final UsersAnswer users;
  private final Supplier<Optional<String>> trouble;

  ReadSide(
      View view, RecentAttempts attempts, UsersAnswer users, Supplier<Optional<String>> trouble) {
    this.view = view;
    this.answers = new Answers(view);
    this.hosts = new HostsAnswer(view);
    this.attempts = attempts;
    this.users = users;
    this.trouble = trouble;
  }

  Answers answers() {
    return answers;
  }

  HostsAnswer hosts() {
    return hosts;
  }

  UsersAnswer users() {
    return users;
  }

  Optional<String> trouble() {
    return trouble.get();
  }

  ObjectNode explain(Address address, Instant now) {
    Instant since = now.minus(look());
    return new Explanation(view, address, attempts.find(address, view.ipv6prefixes(), since), now)
        .answer();
  }

  /** As far back as the longest window of a jail that counts attempts. */
  private Duration look() {
    return view.jails().stream()
        .map(r -> JailRecords.policy(r.getPolicy()))
        .filter(p -> p.bansOf().isEmpty())
        .map(Policy::longest)
        .filter(d -> d.compareTo(SHORTEST_LOOK) > 0)
        .max(Duration::compareTo)
        .map(d -> d.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : d)
        .orElse(SHORTEST_LOOK);
  }
}
