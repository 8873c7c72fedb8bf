package io.banstream.processor;

import io.banstream.schemas.Address;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.Position;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A failed login, as an agent sent it and as it is believed.
 *
 * @param counted the record's key
 * @param client the address in full, within it
 */
record Sighting(String jail, Address counted, Address client, Failure failure, Position position) {

  /**
   * @param offset of the record, which numbers its line
   * @return empty for a login that succeeded
   */
  static Optional<Sighting> read(
      Deserializer<Attempt> attempts, byte[] key, byte[] value, long offset, Instant append)
      throws Unbelievable {
    Attempt attempt = Reading.decode(attempts, value);
    if (attempt.getOutcome() != Outcome.FAILURE) {
      return Optional.empty();
    }
    Address counted = Reading.address("key", Reading.key(key));
    Address client = Reading.address("address", attempt.getAddress());
    if (client.isNetwork() || !counted.contains(client)) {
      throw new Unbelievable("address = " + client + ", expected one address in key " + counted);
    }
    Reading.requireName("jail", attempt.getJail());
    Reading.requireName("host", attempt.getHost());
    Reading.requireName("incarnation", attempt.getPosition().getIncarnation());
    if (attempt.getHost().equals(DecisionKey.FLEET)) {
      throw new Unbelievable("host = *, expected one host");
    }
    Instant time = Reading.time(attempt.getTime(), append);
    return Optional.of(
        new Sighting(
            attempt.getJail(),
            counted,
            client,
            new Failure(time, attempt.getHost(), new Failure.Line(offset)),
            attempt.getPosition()));
  }
}
