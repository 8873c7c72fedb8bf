package io.banstream.schemas;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * Which partition an address belongs to: Kafka's own default for a key of the address's text
 * (murmur2), also where the key has more parts. So all that concerns one address meets in one task.
 */
public final class AddressPartitioner {
  private AddressPartitioner() {}

  public static int partition(String address, int partitions) {
    byte[] key = address.getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }
}
