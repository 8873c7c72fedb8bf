package io.banstream.jails;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Lines of logs as a bad day brings them: samples, and samples spliced, cut, doubled and with
 * strange bytes. No line holds a newline.
 */
final class MutatedLines {
  private static final List<String> ODDITIES =
      List.of(
          "[",
          "]",
          " ",
          "  ",
          ":",
          ";",
          "\t",
          "\r",
          "\u0000",
          "\u001b[0m",
          "é",
          "\u2028",
          "from ",
          "<>",
          "()",
          "%",
          "192.0.2.7",
          "::ffff:192.0.2.7",
          "2001:db8::7",
          "999.1.1.1",
          "example.com",
          "Aug 14 11:59:58 ",
          "2005-08-14T11:59:58+02:00 ",
          "1124013500 ",
          "user=<x>",
          "root",
          "rhost=",
          "authentication failure");

  private final List<byte[]> own;
  private final List<byte[]> others;
  private final Random random;

  /**
   * @param own samples of the filter that is tried; most lines come of them
   */
  MutatedLines(List<byte[]> own, List<byte[]> others, long seed) {
    this.own = own;
    this.others = others;
    this.random = new Random(seed);
  }

  List<byte[]> take(int lines) {
    List<byte[]> taken = new ArrayList<>();
    while (taken.size() < lines) {
      byte[] line = next();
      // Zeros there are not the line's: a log that was truncated under its writer has them.
      if (line.length == 0 || line[0] != 0) {
        taken.add(line);
      }
    }
    return taken;
  }

  private byte[] next() {
    int kind = random.nextInt(20);
    if (kind < 5) {
      return any(own);
    } else if (kind < 7) {
      return any(others);
    } else if (kind == 7) {
      return noise(random.nextInt(200));
    }
    byte[] line = kind < 11 ? spliced() : any(own);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      line = changed(line);
    }
    return line;
  }

  private byte[] spliced() {
    byte[] a = any(own);
    byte[] b = random.nextBoolean() ? any(own) : any(others);
    return join(a, 0, cut(a), b, cut(b), b.length);
  }

  private byte[] changed(byte[] line) {
    int from = cut(line);
    int to = from + random.nextInt(Math.min(12, line.length - from) + 1);
    byte[] odd = any(ODDITIES).getBytes(StandardCharsets.UTF_8);
    byte[] start = join(line, 0, from, odd, 0, odd.length);
    return switch (random.nextInt(6)) {
      case 0 -> join(line, 0, from, line, to, line.length);
      case 1 -> join(line, 0, to, line, from, line.length);
      case 2 -> join(start, 0, start.length, line, from, line.length);
      case 3 -> join(start, 0, start.length, line, to, line.length);
      case 4 -> {
        byte[] noise = noise(1 + random.nextInt(3));
        byte[] noisy = join(line, 0, from, noise, 0, noise.length);
        yield join(noisy, 0, noisy.length, line, to, line.length);
      }
      default -> digit(line);
    };
  }

  /** Another digit in the place of one: other dates, addresses and ports. */
  private byte[] digit(byte[] line) {
    byte[] changed = line.clone();
    for (int i = cut(line); i < changed.length; i++) {
      if (changed[i] >= '0' && changed[i] <= '9') {
        changed[i] = (byte) ('0' + random.nextInt(10));
        return changed;
      }
    }
    return changed;
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    for (int i = 0; i < length; i++) {
      noise[i] = noise[i] == '\n' ? (byte) ' ' : noise[i];
    }
    return noise;
  }

  private int cut(byte[] line) {
    return random.nextInt(line.length + 1);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static byte[] join(byte[] a, int aFrom, int aTo, byte[] b, int bFrom, int bTo) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.write(a, aFrom, aTo - aFrom);
    joined.write(b, bFrom, bTo - bFrom);
    return joined.toByteArray();
  }
}
