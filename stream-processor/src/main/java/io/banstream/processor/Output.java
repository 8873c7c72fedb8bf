package io.banstream.processor;

import io.banstream.schemas.Address;
import io.banstream.schemas.Alert;
import io.banstream.schemas.Applied;
import io.banstream.schemas.Command;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.EvidenceFailure;
import io.banstream.schemas.Totals;
import io.banstream.schemas.Verdict;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/** What a task tells, each to its topic. The record's time is the append time of what caused it. */
final class Output {
  static final String DECISIONS = "to-decisions";
  static final String EVIDENCE = "to-evidence";
  static final String ALERTS = "to-alerts";
  static final String TOTALS = "to-totals";
  static final String COMMANDS = "to-commands";
  static final String APPLIED = "to-applied";
  static final String DEAD_LETTERS = "to-dead-letters";

  private static final int MOST_PAYLOAD = 4096;

  /**
   * An operator's word behind a decision; both null where failures made it.
   *
   * @param who said it
   * @param why the reason given
   */
  record Word(String who, String why) {
    static final Word NONE = new Word(null, null);
  }

  /**
   * What is behind a ban.
   *
   * @param failures oldest first
   * @param longtime the length of the second window, where it was that which was full
   */
  record Behind(List<EvidenceFailure> failures, Optional<Duration> longtime) {
    static final Behind NOTHING = new Behind(List.of(), Optional.empty());
  }

  private final Told told;

  /** Takes what is told. */
  interface Told {
    /**
     * @param sink one of the above
     * @param value null: a tombstone
     */
    void record(String sink, String key, SpecificRecord value, Instant append);
  }

  Output(Told told) {
    this.told = told;
  }

  void ban(Address address, Ban ban, long policy, Behind behind, Word word, Instant append) {
    Instant until = ban.until().equals(Ban.FOR_EVER) ? null : ban.until();
    decide(Verdict.BAN, address, ban, ban.from(), until, policy, behind, word, append);
  }

  /**
   * @param ban ended: its until is when
   */
  void unban(Address address, Ban ban, long policy, Word word, Instant append) {
    Instant at = ban.until();
    decide(Verdict.UNBAN, address, ban, at, at, policy, Behind.NOTHING, word, append);
  }

  private void decide(
      Verdict verdict,
      Address address,
      Ban ban,
      Instant from,
      Instant until,
      long policy,
      Behind behind,
      Word word,
      Instant append) {
    String text = address.toString();
    Decision decision =
        new Decision(
            verdict,
            ban.jail(),
            text,
            ban.reach(),
            from,
            until,
            ban.nth(),
            behind.failures().size(),
            policy,
            ban.limited(),
            ban.network());
    String key = DecisionKey.of(decision).toString();
    tell(DECISIONS, key, decision, append);
    Evidence evidence =
        new Evidence(
            ban.jail(),
            text,
            ban.reach(),
            from,
            until,
            behind.failures(),
            word.who(),
            word.why(),
            behind.longtime().map(Duration::toMillis).orElse(null));
    tell(EVIDENCE, key, evidence, append);
  }

  /** The decision is over and told: compaction may forget it. */
  void tombstone(Address address, JailReach key, Instant append) {
    String text = new DecisionKey(address, key.jail(), key.reach()).toString();
    tell(DECISIONS, text, null, append);
  }

  void alert(Alert alert) {
    tell(ALERTS, alert.getHost(), alert, alert.getTime());
  }

  /** To the task that the note's network belongs to. */
  void note(Address network, Command note, Instant append) {
    tell(COMMANDS, network.toString(), note, append);
  }

  void totals(Totals totals, Instant append) {
    tell(TOTALS, TotalsBook.key(totals), totals, append);
  }

  void applied(Applied applied, Instant append) {
    tell(APPLIED, Long.toString(applied.getCommand()), applied, append);
  }

  void deadLetter(String origin, String why, byte[] payload, Instant append) {
    byte[] bytes = payload == null ? new byte[0] : payload;
    ByteBuffer cut = ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, MOST_PAYLOAD)).slice();
    tell(DEAD_LETTERS, null, new DeadLetter(append, "processor", origin, why, cut), append);
  }

  private void tell(String sink, String key, SpecificRecord value, Instant append) {
    told.record(sink, key, value, append);
  }
}
