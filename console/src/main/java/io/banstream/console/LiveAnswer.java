package io.banstream.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** What the page shows, as JSON. */
final class LiveAnswer {
  private static final int SECONDS = 120;
  private static final int DECISIONS = 60;
  private static final int OFFENDERS = 12;
  private static final int USERS = 8;
  private static final Duration ALERTS = Duration.ofDays(1);

  private final View view;
  private final Answers answers;
  private final HostsAnswer hosts;
  private final UsersAnswer users;
  private final Supplier<Optional<String>> trouble;

  /**
   * @param trouble what is wrong with the console itself
   */
  LiveAnswer(View view, UsersAnswer users, Supplier<Optional<String>> trouble) {
    this.view = view;
    this.answers = new Answers(view);
    this.hosts = new HostsAnswer(view);
    this.users = users;
    this.trouble = trouble;
  }

  /** Everything, for a page that opens. */
  ObjectNode begin(Instant now) {
    ObjectNode answer = live(now);
    answer.set(
        "decisions",
        Json.array(view.newestDecisions(DECISIONS).stream().map(d -> answers.ban(d, now))));
    return answer;
  }

  /** What changes from second to second. */
  ObjectNode live(Instant now) {
    ObjectNode answer = Json.object();
    Json.instant(answer, "now", now);
    answer.put("trouble", trouble.get().orElse(null));
    ArrayNode rate = answer.putArray("failuresPerSecond");
    for (long failures : view.failuresPerSecond(SECONDS, now)) {
      rate.add(failures);
    }
    answer.setAll(answers.status(now));
    answer.setAll(hosts.hosts(now));
    answer.setAll(answers.allows(now));
    answer.setAll(answers.alerts(now.minus(ALERTS)));
    answer.set("users", users.users(USERS, now));
    answer.put("deadLetters", view.deadLettersInAll());
    answer.set("offenders", Json.array(view.offenders(OFFENDERS, now).stream().map(this::json)));
    return answer;
  }

  private ObjectNode json(Offender o) {
    ObjectNode node = Json.object().put("address", o.address().toString()).put("bans", o.bans());
    node.set("jails", Json.strings(o.jails()));
    Json.instant(node, "newest", o.newest());
    return node.put("banned", o.banned());
  }
}
