package io.banstream.processor;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * An address's state in few bytes: names once each, times as differences, numbers as varints.
 *
 * <pre>
 * state   = version(1) names windows bans alarm success
 * names   = count (length utf8)*
 * windows = count (jail reach newest touched flags count failure* [count failure*])*
 * failure = newest-time host (0 number | 1 jail reach (0 | 1 word) limited number | 2 | 3 number name)
 * bans    = count (jail reach from (0 | 1 until-from) nth flags touched number)*
 * success = 0 | 1 time touched-time
 * </pre>
 *
 * Jails, reaches, hosts and words are indexes into the names; {@code alarm} is (0 | 1 time). The
 * second list of failures is longtime's, there where a flag says so. Version 1 had no word and
 * nothing limited, version 2 no second list, version 3 no success, version 4 no name of a user,
 * version 5 no number of a ban. One thread's.
 */
final class StateCodec {
  private static final byte VERSION = 6;
  private static final byte WITHOUT_GUARD = 1;
  private static final byte WITHOUT_SUCCESS = 3;
  private static final byte WITHOUT_NUMBER = 5;
  private static final int REMEMBERED = 1;
  private static final int DROPPED = 2;
  private static final int ENDED = 4;
  private static final int LIMITED = 8;
  private static final int NETWORK = 16;
  private static final int FAILING = 1;
  private static final int OLDER = 2;

  private final Encoder encoder = new Encoder();
  private final Decoder decoder;

  StateCodec(Names names) {
    decoder = new Decoder(names);
  }

  byte[] encode(AddressState state) {
    return encoder.encode(state);
  }

  /**
   * @throws IllegalArgumentException if the bytes are of a version that this one can't read
   */
  AddressState decode(byte[] bytes) {
    return decoder.decode(bytes);
  }

  private static final class Encoder {
    private static final int LONGEST_NUMBER = 10;

    private final List<String> names = new ArrayList<>();
    private byte[] body = new byte[512];
    private int length;

    byte[] encode(AddressState state) {
      names.clear();
      length = 0;
      number(state.windows().size());
      for (Window window : state.windows()) {
        window(window);
      }
      number(state.bans().size());
      for (Ban ban : state.bans()) {
        ban(ban);
      }
      optional(state.alarm(), 0);
      number(state.success().isPresent() ? 1 : 0);
      state.success().ifPresent(this::success);
      return withNames();
    }

    /** The names come first, and are known last: they are written behind, and put in front. */
    private byte[] withNames() {
      int end = length;
      number(names.size());
      for (String name : names) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        room(utf8.length);
        System.arraycopy(utf8, 0, body, length, utf8.length);
        length += utf8.length;
      }
      byte[] all = new byte[1 + length];
      all[0] = VERSION;
      System.arraycopy(body, end, all, 1, length - end);
      System.arraycopy(body, 0, all, 1 + length - end, end);
      return all;
    }

    private void window(Window window) {
      key(window.key());
      long newest = window.newest().toEpochMilli();
      number(newest);
      number(window.touched().toEpochMilli() - newest);
      boolean older = !window.older().isEmpty();
      number((window.failing() ? FAILING : 0) + (older ? OLDER : 0));
      failures(window.failures(), newest);
      if (older) {
        failures(window.older(), newest);
      }
    }

    private void failures(List<Failure> failures, long newest) {
      number(failures.size());
      for (Failure failure : failures) {
        number(newest - failure.time().toEpochMilli());
        name(failure.host());
        if (failure.origin() instanceof Failure.Line line) {
          number(line.name() == 0 ? 0 : 3);
          number(line.number());
          if (line.name() != 0) {
            number(line.name());
          }
        } else if (failure.origin() instanceof Failure.Banned banned) {
          number(1);
          name(banned.jail());
          name(banned.reach());
          number(banned.word().isPresent() ? 1 : 0);
          banned.word().ifPresent(this::name);
          number(banned.limited() ? 1 : 0);
          number(banned.number());
        } else {
          number(2);
        }
      }
    }

    private void ban(Ban ban) {
      key(ban.key());
      long from = ban.from().toEpochMilli();
      number(from);
      optional(ban.until(), from);
      number(ban.nth());
      number(
          (ban.remembered() ? REMEMBERED : 0)
              + (ban.dropped() ? DROPPED : 0)
              + (ban.ended() ? ENDED : 0)
              + (ban.limited() ? LIMITED : 0)
              + (ban.network() ? NETWORK : 0));
      number(ban.touched().toEpochMilli() - from);
      number(ban.number());
    }

    private void success(Success success) {
      long time = success.time().toEpochMilli();
      number(time);
      number(success.touched().toEpochMilli() - time);
    }

    private void key(JailReach key) {
      name(key.jail());
      name(key.reach());
    }

    private void name(String name) {
      int index = index(name);
      number(index);
      if (index == names.size()) {
        names.add(name);
      }
    }

    private int index(String name) {
      for (int i = 0; i < names.size(); i++) {
        if (names.get(i) == name) {
          return i; // nearly always: a name is one string
        }
      }
      int equal = names.indexOf(name);
      return equal < 0 ? names.size() : equal;
    }

    private void optional(Instant time, long base) {
      boolean present = !time.equals(Ban.FOR_EVER);
      number(present ? 1 : 0);
      if (present) {
        number(time.toEpochMilli() - base);
      }
    }

    /** As {@link ByteUtils#readVarlong} reads it. */
    private void number(long number) {
      room(LONGEST_NUMBER);
      long left = number << 1 ^ number >> 63;
      while ((left & ~0x7FL) != 0) {
        body[length++] = (byte) (left & 0x7F | 0x80);
        left >>>= 7;
      }
      body[length++] = (byte) left;
    }

    private void room(int bytes) {
      if (length + bytes > body.length) {
        body = Arrays.copyOf(body, Math.max(2 * body.length, length + bytes));
      }
    }
  }

  private static final class Decoder {
    /** The same few names come again and again: those met last, by their bytes. */
    private final String[] met = new String[256];

    private final byte[][] metAs = new byte[met.length][];
    private final Names all;
    private final List<String> names = new ArrayList<>();
    private byte[] bytes;
    private int at;
    private byte version;

    Decoder(Names names) {
      all = names;
    }

    AddressState decode(byte[] from) {
      bytes = from;
      at = 0;
      version = bytes[at++];
      if (version < WITHOUT_GUARD || version > VERSION) {
        throw new IllegalArgumentException(
            "state of version " + version + ", expected at most " + VERSION);
      }
      names.clear();
      for (long left = number(); left > 0; left--) {
        int length = (int) number();
        names.add(known(at, at + length));
        at += length;
      }
      List<Window> windows = new ArrayList<>();
      for (long left = number(); left > 0; left--) {
        windows.add(window());
      }
      List<Ban> bans = new ArrayList<>();
      for (long left = number(); left > 0; left--) {
        bans.add(ban());
      }
      Instant alarm = optional(0);
      return new AddressState(windows, bans, success(), alarm);
    }

    private String known(int from, int to) {
      int hash = 0;
      for (int i = from; i < to; i++) {
        hash = 31 * hash + bytes[i];
      }
      int place = hash & met.length - 1;
      byte[] as = metAs[place];
      if (as == null || !Arrays.equals(as, 0, as.length, bytes, from, to)) {
        metAs[place] = Arrays.copyOfRange(bytes, from, to);
        met[place] = all.one(new String(metAs[place], StandardCharsets.UTF_8));
      }
      return met[place];
    }

    private Window window() {
      JailReach key = key();
      long newest = number();
      Instant touched = Instant.ofEpochMilli(newest + number());
      long flags = number();
      List<Failure> failures = failures(newest);
      List<Failure> older = (flags & OLDER) != 0 ? failures(newest) : List.of();
      boolean failing = (flags & FAILING) != 0;
      return new Window(key, Instant.ofEpochMilli(newest), failures, older, touched, failing);
    }

    private List<Failure> failures(long newest) {
      List<Failure> failures = new ArrayList<>();
      for (long left = number(); left > 0; left--) {
        Instant time = Instant.ofEpochMilli(newest - number());
        failures.add(new Failure(time, name(), origin()));
      }
      return failures;
    }

    private Failure.Origin origin() {
      long kind = number();
      if (kind == 0) {
        return new Failure.Line(number());
      }
      if (kind == 2) {
        return new Failure.Earlier();
      }
      if (kind == 3) {
        return new Failure.Line(number(), number());
      }
      String jail = name();
      String reach = name();
      if (version == WITHOUT_GUARD) {
        return new Failure.Banned(jail, reach, 0, Optional.empty(), false);
      }
      Optional<String> word = number() == 0 ? Optional.empty() : Optional.of(name());
      boolean limited = number() == 1;
      return new Failure.Banned(jail, reach, banNumber(), word, limited);
    }

    private int banNumber() {
      return version <= WITHOUT_NUMBER ? 0 : (int) number();
    }

    private Ban ban() {
      JailReach key = key();
      long from = number();
      Instant until = optional(from);
      int nth = (int) number();
      long flags = number();
      Instant touched = Instant.ofEpochMilli(from + number());
      return new Ban(
          banNumber(),
          key,
          Instant.ofEpochMilli(from),
          until,
          nth,
          (flags & LIMITED) != 0,
          (flags & NETWORK) != 0,
          (flags & ENDED) != 0,
          (flags & REMEMBERED) != 0,
          touched,
          (flags & DROPPED) != 0);
    }

    private Optional<Success> success() {
      if (version <= WITHOUT_SUCCESS || number() == 0) {
        return Optional.empty();
      }
      long time = number();
      Instant touched = Instant.ofEpochMilli(time + number());
      return Optional.of(new Success(Instant.ofEpochMilli(time), touched));
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

    /** As {@link ByteUtils#readVarlong}, without a buffer's checks. */
    private long number() {
      long left = 0;
      int shift = 0;
      byte next;
      do {
        next = bytes[at++];
        left |= (next & 0x7FL) << shift;
        shift += 7;
      } while (next < 0);
      return left >>> 1 ^ -(left & 1);
    }
  }
}
