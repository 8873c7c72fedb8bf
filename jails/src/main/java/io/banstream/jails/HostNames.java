package io.banstream.jails;

import io.banstream.schemas.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** What a host name stands for. */
@FunctionalInterface
public interface HostNames {
  /** As this host resolves names. */
  HostNames SYSTEM =
      name -> {
        try {
          return Arrays.stream(InetAddress.getAllByName(name))
              .map(Address::of)
              .sorted()
              .distinct()
              .toList();
        } catch (UnknownHostException e) {
          return List.of();
        }
      };

  /** Its addresses now, sorted; none where it does not resolve. */
  List<Address> addresses(String name);
}
