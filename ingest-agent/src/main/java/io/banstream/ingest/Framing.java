package io.banstream.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One connection's bytes cut into messages, by RFC 6587: counted ones ({@code LENGTH MESSAGE})
 * where the first byte is a digit and what follows fits, else lines, ended by LF or NUL (glibc's
 * syslog(3) on a stream). Holds one message at most.
 */
final class Framing {
  /** A message of more bytes is left out. */
  static final int LONGEST = 8 * 1024;

  private static final int DIGITS = 9;

  /** Takes what is found. */
  interface Messages {
    /** Takes {@code buf[from, to)}, valid during the call. */
    void message(byte[] buf, int from, int to);

    /** A message was left out: too long, or cut off. */
    void leftOut();
  }

  private enum Form {
    UNKNOWN,
    LENGTH,
    COUNTED,
    LINES
  }

  private final Messages messages;
  private Form form = Form.UNKNOWN;
  private boolean anyCounted;
  private byte[] held = new byte[0];
  private int size;

  /** Of a counted message: bytes still to come. */
  private int missing;

  /** The message at hand is too long. */
  private boolean overlong;

  Framing(Messages messages) {
    this.messages = messages;
  }

  /**
   * @return false: what came is no frame, and where the next begins can't be known
   */
  boolean take(ByteBuffer in) {
    while (in.hasRemaining()) {
      byte b = in.get();
      boolean known =
          switch (form) {
            case UNKNOWN -> {
              form = b >= '1' && b <= '9' ? Form.LENGTH : Form.LINES;
              yield form == Form.LENGTH ? length(b) : line(b);
            }
            case LENGTH -> length(b);
            case COUNTED -> counted(b);
            case LINES -> line(b);
          };
      if (!known) {
        messages.leftOut();
        clear();
        return false;
      }
    }
    return true;
  }

  /**
   * The connection has ended: what is held lacks its end, an address in it perhaps its last digit.
   */
  void end() {
    if (size > 0 || overlong || form == Form.COUNTED) {
      messages.leftOut();
    }
    clear();
  }

  private boolean length(byte b) {
    if (size == 0 && (b == '\n' || b == 0)) {
      return true; // some end a counted message with LF as well
    }
    if (b == ' ' && size > 0) {
      missing = Integer.parseInt(new String(held, 0, size, StandardCharsets.US_ASCII));
      overlong = missing > LONGEST;
      size = 0;
      form = missing > 0 ? Form.COUNTED : Form.LENGTH;
      return true;
    }
    if (b >= '0' && b <= '9' && size < DIGITS) {
      hold(b);
      return true;
    }
    form = Form.LINES; // a first line that begins with a digit: a date, no PRI
    return !anyCounted && line(b);
  }

  private boolean counted(byte b) {
    hold(b);
    missing--;
    if (missing == 0) {
      anyCounted = true;
      form = Form.LENGTH;
      give();
    }
    return true;
  }

  private boolean line(byte b) {
    if (b == '\n' || b == 0) {
      give();
    } else {
      hold(b);
    }
    return true;
  }

  private void hold(byte b) {
    if (overlong || size == LONGEST) {
      overlong = true;
      size = 0;
      return;
    }
    if (size == held.length) {
      held = Arrays.copyOf(held, Math.min(LONGEST, Math.max(256, size * 2)));
    }
    held[size] = b;
    size++;
  }

  private void give() {
    if (overlong) {
      messages.leftOut();
    } else if (size > 0) {
      messages.message(held, 0, size);
    }
    clear();
  }

  private void clear() {
    size = 0;
    overlong = false;
    held = held.length > 1024 ? new byte[0] : held; // idle connections hold little
  }
}
