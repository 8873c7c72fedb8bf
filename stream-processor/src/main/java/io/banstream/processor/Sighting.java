package io.banstream.processor;

import io.banstream.jails.Policy;
import io.banstream.schemas.Address;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.Position;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A login, as an agent sent it and as it is believed.
 *
 * @param counted the record's key
 * @param client the address in full, within it
 * @param said the time that its log has
 * @param user the account tried
 * @param line its record's offset, which numbers its line
 */
record Sighting(
    Outcome outcome,
    String jail,
    Address counted,
    Address client,
    String host,
    Instant time,
    Instant said,
    Optional<String> user,
    long line,
    Position position) {

  /** Whether its host's clock is so far ahead that the broker's was believed. */
  boolean isAhead() {
    return !said.equals(time);
  }

  /**
   * A failed one, as a window of the jail holds it.
   *
   * @param policy the jail's
   */
  Failure failure(Policy policy) {
    return new Failure(time, host, new Failure.Line(line, UserName.of(user, policy)));
  }

  /**
   * @param names of this task
   * @param offset of the record
   */
  static Sighting read(
      Deserializer<Attempt> attempts,
      Names names,
      byte[] key,
      byte[] value,
      long offset,
      Instant append)
      throws Unbelievable {
    Attempt attempt = Reading.decode(attempts, value);
    String text = Reading.key(key);
    Address counted = Reading.address("key", text);
    boolean same = attempt.getAddress().equals(text);
    Address client = same ? counted : Reading.address("address", attempt.getAddress());
    if (client.isNetwork() || !counted.contains(client)) {
      throw new Unbelievable("address = " + client + ", expected one address in key " + counted);
    }
    String jail = names.part("jail", attempt.getJail());
    String host = names.part("host", attempt.getHost());
    Position position = attempt.getPosition();
    position.setIncarnation(names.part("incarnation", position.getIncarnation()));
    position.setSource(names.one(position.getSource()));
    if (host.equals(DecisionKey.FLEET)) {
      throw new Unbelievable("host = *, expected one host");
    }
    Instant time = Reading.time(attempt.getTime(), append);
    return new Sighting(
        attempt.getOutcome(),
        jail,
        counted,
        client,
        host,
        time,
        attempt.getTime(),
        Optional.ofNullable(attempt.getUser()),
        offset,
        position);
  }
}
