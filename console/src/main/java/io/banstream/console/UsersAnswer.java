package io.banstream.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.console.UserTries.Tried;
import java.time.Instant;
import java.util.List;

/** Who tries many user names, and which names many try, as JSON. */
final class UsersAnswer {
  static final int MOST = 100;

  private final UserTries tries;
  private final UserLimits limits;

  UsersAnswer(UserTries tries, UserLimits limits) {
    this.tries = tries;
    this.limits = limits;
  }

  /**
   * @param most of either
   */
  ObjectNode users(int most, Instant now) {
    ObjectNode users = Json.object().put("seconds", UserTries.WINDOW.toSeconds());
    users.put("whole", tries.isWhole(now));
    users.put("leastNames", limits.names()).put("leastAddresses", limits.addresses());
    users.set(
        "addresses",
        json("address", "names", "someNames", tries.addresses(limits.names(), most, now)));
    users.set(
        "names",
        json("name", "addresses", "someAddresses", tries.names(limits.addresses(), most, now)));
    return users;
  }

  private static ArrayNode json(String subject, String count, String some, List<Tried> all) {
    return Json.array(
        all.stream()
            .map(
                t -> {
                  ObjectNode node = Json.object().put(subject, t.subject()).put(count, t.count());
                  node.set(some, Json.strings(t.examples()));
                  return node;
                }));
  }
}
