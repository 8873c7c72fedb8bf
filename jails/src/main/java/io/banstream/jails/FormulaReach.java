package io.banstream.jails;

import io.banstream.jails.Notice.Severity;
import io.banstream.jails.Policy.Increment;
import java.util.List;

/**
 * Whether {@code bantime.formula} comes to something for the bans that are to be expected. Where it
 * does not, fail2ban logs an error at each such ban, which lasts bantime.
 */
final class FormulaReach {
  /** As many bans of one jail are remembered. */
  private static final int MOST_BANS = 100;

  private FormulaReach() {}

  static void tell(Policy policy, String where, List<Notice> notices) {
    Increment increment = policy.increment();
    if (!increment.enabled() || increment.formula().isEmpty() || policy.bantime().isEmpty()) {
      return;
    }
    if (!increment.multipliers().isEmpty()) {
      String text = "bantime.formula is not used: bantime.multipliers go before it";
      notices.add(new Notice(Severity.NOTE, where, text));
      return;
    }
    BanFormula formula = increment.formula().get();
    for (int count = 1; count <= MOST_BANS; count++) {
      try {
        formula.seconds(policy.bantime().get(), count, increment.factor());
      } catch (ArithmeticException e) {
        String text =
            String.format(
                "bantime.formula has no value where ban.Count = %d (%s): such a ban lasts bantime",
                count, e.getMessage());
        notices.add(new Notice(Severity.WARNING, where, text));
        return;
      }
    }
  }
}
