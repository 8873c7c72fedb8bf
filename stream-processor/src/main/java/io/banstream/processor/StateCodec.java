package io.banstream.processor;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * An address's state in few bytes: names once each, times as differences, numbers as varints.
 *
 * <pre>
 * state   = version(1) names windows bans alarm
 * names   = count (length utf8)*
 * windows = count (jail reach newest touched failing count failure*)*
 * failure = newest-time host (0 number | 1 jail reach)
 * bans    = count (jail reach from (0 | 1 until-from) nth flags touched)*
 * </pre>
 *
 * Jails, reaches and hosts are indexes into the names; {@code alarm} is (0 | 1 time).
 */
final class StateCodec {
  private static final byte VERSION = 1;
  private static final int REMEMBERED = 1;
  private static final int DROPPED = 2;
  private static final int ENDED = 4;

  private StateCodec() {}

  static byte[] encode(AddressState state) {
    try {
      return new Encoder().encode(state);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array takes all
    }
  }

  /**
   * @throws IllegalArgumentException if the bytes are of a version that this one can't read
   */
  static AddressState decode(byte[] bytes) {
    return new Decoder(ByteBuffer.wrap(bytes)).decode();
  }

  private static final class Encoder {
    private final Map<String, Integer> names = new LinkedHashMap<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    private final DataOutputStream body = new DataOutputStream(bytes);

    byte[] encode(AddressState state) throws IOException {
      Map<JailReach, Window> windows = new TreeMap<>(state.windows());
      number(windows.size());
      for (var entry : windows.entrySet()) {
        window(entry.getKey(), entry.getValue());
      }
      number(state.bans().size());
      for (Ban ban : state.bans()) {
        ban(ban);
      }
      optional(state.alarm(), 0);
      return withNames();
    }

    private byte[] withNames() throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream(bytes.size() + 64);
      DataOutputStream head = new DataOutputStream(all);
      head.write(VERSION);
      ByteUtils.writeVarlong(names.size(), head);
      for (String name : names.keySet()) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        ByteUtils.writeVarlong(utf8.length, head);
        head.write(utf8);
      }
      bytes.writeTo(head);
      return all.toByteArray();
    }

    private void window(JailReach key, Window window) throws IOException {
      key(key);
      long newest = window.newest().toEpochMilli();
      number(newest);
      number(window.touched().toEpochMilli() - newest);
      number(window.failing() ? 1 : 0);
      number(window.failures().size());
      for (Failure failure : window.failures()) {
        number(newest - failure.time().toEpochMilli());
        name(failure.host());
        if (failure.origin() instanceof Failure.Line line) {
          number(0);
          number(line.number());
        } else if (failure.origin() instanceof Failure.Banned banned) {
          number(1);
          key(new JailReach(banned.jail(), banned.reach()));
        }
      }
    }

    private void ban(Ban ban) throws IOException {
      key(ban.key());
      long from = ban.from().toEpochMilli();
      number(from);
      optional(ban.until(), from);
      number(ban.nth());
      number(
          (ban.remembered() ? REMEMBERED : 0)
              + (ban.dropped() ? DROPPED : 0)
              + (ban.ended() ? ENDED : 0));
      number(ban.touched().toEpochMilli() - from);
    }

    private void key(JailReach key) throws IOException {
      name(key.jail());
      name(key.reach());
    }

    private void name(String name) throws IOException {
      Integer index = names.putIfAbsent(name, names.size());
      number(index == null ? names.size() - 1 : index);
    }

    private void optional(Instant time, long base) throws IOException {
      boolean present = !time.equals(Ban.FOR_EVER);
      number(present ? 1 : 0);
      if (present) {
        number(time.toEpochMilli() - base);
      }
    }

    private void number(long number) throws IOException {
      ByteUtils.writeVarlong(number, body);
    }
  }

  private static final class Decoder {
    private final ByteBuffer bytes;
    private final List<String> names = new ArrayList<>();

    Decoder(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    AddressState decode() {
      byte version = bytes.get();
      if (version != VERSION) {
        throw new IllegalArgumentException("state of version " + version + ", expected " + VERSION);
      }
      for (long left = number(); left > 0; left--) {
        byte[] utf8 = new byte[(int) number()];
        bytes.get(utf8);
        names.add(new String(utf8, StandardCharsets.UTF_8));
      }
      Map<JailReach, Window> windows = new TreeMap<>();
      for (long left = number(); left > 0; left--) {
        windows.put(key(), window());
      }
      List<Ban> bans = new ArrayList<>();
      for (long left = number(); left > 0; left--) {
        bans.add(ban());
      }
      return new AddressState(windows, bans, optional(0));
    }

    private Window window() {
      long newest = number();
      Instant touched = Instant.ofEpochMilli(newest + number());
      boolean failing = number() == 1;
      List<Failure> failures = new ArrayList<>();
      for (long left = number(); left > 0; left--) {
        Instant time = Instant.ofEpochMilli(newest - number());
        failures.add(new Failure(time, name(), origin()));
      }
      return new Window(Instant.ofEpochMilli(newest), failures, touched, failing);
    }

    private Failure.Origin origin() {
      return number() == 0 ? new Failure.Line(number()) : new Failure.Banned(name(), name());
    }

    private Ban ban() {
      JailReach key = key();
      long from = number();
      Instant until = optional(from);
      int nth = (int) number();
      long flags = number();
      Instant touched = Instant.ofEpochMilli(from + number());
      return new Ban(
          key,
          Instant.ofEpochMilli(from),
          until,
          nth,
          (flags & ENDED) != 0,
          (flags & REMEMBERED) != 0,
          touched,
          (flags & DROPPED) != 0);
    }

    private JailReach key() {
      return new JailReach(name(), name());
    }

    private String name() {
      return names.get((int) number());
    }

    private Instant optional(long base) {
      return number() == 0 ? Ban.FOR_EVER : Instant.ofEpochMilli(base + number());
    }

    private long number() {
      return ByteUtils.readVarlong(bytes);
    }
  }
}
