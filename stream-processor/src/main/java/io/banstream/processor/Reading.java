package io.banstream.processor;

import io.banstream.schemas.Address;
import io.banstream.schemas.Key;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** What reading an attempt and reading a command have in common. */
final class Reading {
  /** Rule 8: how far a clock may be ahead of the broker's. */
  static final Duration AHEAD = Duration.ofMinutes(5);

  private Reading() {}

  static <T extends SpecificRecord> T decode(Deserializer<T> values, byte[] value)
      throws Unbelievable {
    if (value == null) {
      throw new Unbelievable("no value");
    }
    try {
      return values.deserialize("", value);
    } catch (SerializationException e) {
      throw new Unbelievable("unreadable", e);
    }
  }

  static String key(byte[] key) {
    return key == null ? "" : new String(key, StandardCharsets.UTF_8);
  }

  /** An address that must be in its canonical text: keys are compared byte by byte. */
  static Address address(String what, String text) throws Unbelievable {
    Address address =
        Address.tryParse(text)
            .orElseThrow(() -> new Unbelievable(what + " is no address: '" + text + "'"));
    if (!address.toString().equals(text)) {
      throw new Unbelievable(what + " = '" + text + "', expected " + address);
    }
    return address;
  }

  static void requireName(String what, String name) throws Unbelievable {
    try {
      Key.requirePart(name);
    } catch (IllegalArgumentException e) {
      throw new Unbelievable(what, e);
    }
  }

  /** A time as it is believed: not before 1970, not far ahead of the broker's clock. */
  static Instant time(Instant said, Instant append) throws Unbelievable {
    if (said.isBefore(Instant.EPOCH)) {
      throw new Unbelievable("time = " + said + ", expected 1970 or later");
    }
    return said.isAfter(append.plus(AHEAD)) ? append : said;
  }
}
