package io.banstream.console;

import io.banstream.schemas.Address;
import io.banstream.schemas.Command;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.UnbanOrder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Why a ban was lifted: an operator's unban, an allow, or a jail that is no more. */
final class LiftReasons {
  private static final int ORDERS_KEPT = 10_000;

  private final View view;
  private final Map<String, Command> unbans =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Command> eldest) {
          return size() > ORDERS_KEPT;
        }
      };

  LiftReasons(View view) {
    this.view = view;
  }

  /** Remembers an operator's unbans; other orders don't matter here. */
  void heard(Command command) {
    if (command.getOrder() instanceof UnbanOrder order) {
      unbans.put(order.getAddress(), command);
    }
  }

  /** Empty as long as nothing that is known explains it. */
  Optional<String> of(Decision unban, Instant now) {
    Command order = unbans.get(unban.getAddress());
    if (order != null && order.getTime().equals(unban.getFrom())) {
      return Optional.of(
          "said by " + order.getWho() + (order.getWhy() == null ? "" : ", " + order.getWhy()));
    }
    Address address = Address.parse(unban.getAddress());
    return (unban.getNetwork() ? view.allowsAbout(address, now) : view.allowsOf(address, now))
        .findFirst()
        .map(a -> "allowed by " + a.getWho() + (a.getWhy() == null ? "" : ", " + a.getWhy()))
        .or(() -> withdrawn(unban.getJail()));
  }

  private Optional<String> withdrawn(String jail) {
    boolean known =
        jail.equals(DecisionKey.MANUAL)
            || view.jails().stream().anyMatch(r -> r.getJail().equals(jail));
    return known ? Optional.empty() : Optional.of("the jail was withdrawn");
  }
}
