package io.banstream.processor;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Consecutive records of one partition, as the bytes of one.
 *
 * <pre>
 * fold   = mark(1) record*
 * record = offset(8) append(8) key value
 * key, value = length(4, -1: null) bytes
 * </pre>
 */
final class Fold {
  private static final byte MARK = (byte) 0xF0;
  private static final int NULL = -1;
  private static final int NUMBERS = 2 * Long.BYTES + 2 * Integer.BYTES;

  private Fold() {}

  /** Takes the records of a fold, one by one. */
  interface Each {
    void take(byte[] key, byte[] value, long offset, Instant append);
  }

  /** How many bytes a record takes. */
  static int length(ConsumerRecord<byte[], byte[]> record) {
    return NUMBERS + length(record.key()) + length(record.value());
  }

  private static int length(byte[] part) {
    return part == null ? 0 : part.length;
  }

  /** In one piece from the start: to grow cost a fifth of all that was allocated. */
  static byte[] of(List<ConsumerRecord<byte[], byte[]>> records) {
    int length = 1;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      length += length(record);
    }
    ByteBuffer to = ByteBuffer.allocate(length).put(MARK);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      to.putLong(record.offset()).putLong(record.timestamp());
      put(to, record.key());
      put(to, record.value());
    }
    return to.array();
  }

  private static void put(ByteBuffer to, byte[] part) {
    to.putInt(part == null ? NULL : part.length);
    if (part != null) {
      to.put(part);
    }
  }

  /**
   * @throws IllegalStateException if it is none: somebody has let a record past the folding
   */
  static void unfold(byte[] bytes, Each each) {
    if (bytes == null || bytes.length == 0 || bytes[0] != MARK) {
      throw new IllegalStateException("a record came that is not folded");
    }
    ByteBuffer from = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    while (from.hasRemaining()) {
      long offset = from.getLong();
      Instant append = Instant.ofEpochMilli(from.getLong());
      byte[] key = get(from);
      each.take(key, get(from), offset, append);
    }
  }

  private static byte[] get(ByteBuffer from) {
    int length = from.getInt();
    if (length == NULL) {
      return null;
    }
    byte[] part = new byte[length];
    from.get(part);
    return part;
  }
}
