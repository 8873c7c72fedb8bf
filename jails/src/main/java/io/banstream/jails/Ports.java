package io.banstream.jails;

import io.banstream.jails.Enforcement.PortRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code port} list read: numbers, ranges and service names. Names are ours, not the host's: a
 * jail means the same on every host of the fleet.
 *
 * @param ranges in the order of the list; empty: all ports
 * @param unknown names that no service has
 * @param historic names that no services file of today has
 */
record Ports(List<PortRange> ranges, List<String> unknown, List<String> historic) {
  private static final Map<String, Integer> SERVICES = new HashMap<>();
  private static final List<String> HISTORIC = new ArrayList<>();

  static {
    for (String[] row : Table.rows("services.txt")) {
      SERVICES.put(row[0], Integer.valueOf(row[1]));
      if (row.length > 2) {
        HISTORIC.add(row[0]);
      }
    }
  }

  /** The port of a service, as it is to be told. */
  static int service(String name) {
    return SERVICES.get(name);
  }

  /**
   * @throws IllegalArgumentException if a number is no port
   */
  static Ports parse(String list) {
    List<PortRange> ranges = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    List<String> historic = new ArrayList<>();
    boolean all = false;
    for (String item : list.split("[,\\s]+")) {
      if (item.matches("[01][:-]65535")) {
        all = true;
      } else if (item.matches("\\d+([:-]\\d+)?")) {
        ranges.add(PortRange.parse(item.replace('-', ':')));
      } else if (SERVICES.containsKey(item)) {
        int port = SERVICES.get(item);
        ranges.add(new PortRange(port, port));
        if (HISTORIC.contains(item)) {
          historic.add(item);
        }
      } else if (!item.isEmpty()) {
        unknown.add(item);
      }
    }
    if (!all && ranges.isEmpty()) {
      throw new IllegalArgumentException("names no port that is known");
    }
    List<PortRange> once = ranges.stream().distinct().toList();
    return new Ports(all ? List.of() : once, unknown, historic);
  }
}
