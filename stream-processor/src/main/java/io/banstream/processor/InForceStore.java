package io.banstream.processor;

import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.processor.InForce.Allow;
import io.banstream.schemas.Address;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.AvroSerde;
import io.banstream.schemas.PolicyMarker;
import io.banstream.schemas.PolicyRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps what is in force in this partition from one start to the next. */
final class InForceStore {
  private static final String POLICIES = "policies";
  private static final String NEWEST_MARKER = "newest marker";
  private static final String ALLOW = "allow ";

  // The store's own encoding never depends on a registry.
  private final AvroSerde<PolicyMarker> markers =
      new AvroSerde<>(PolicyMarker.class, Optional.empty());
  private final AvroSerde<AllowRecord> allows =
      new AvroSerde<>(AllowRecord.class, Optional.empty());
  private final Table<String> store;
  private InForce inForce = InForce.NOTHING;
  private Instant newestMarker = Instant.EPOCH;

  InForceStore(Table<String> store) throws Unbelievable {
    this.store = store;
    byte[] marker = store.get(POLICIES);
    if (marker != null) {
      inForce = with(inForce, Reading.decode(markers.deserializer(), marker));
    }
    byte[] newest = store.get(NEWEST_MARKER);
    if (newest != null) {
      newestMarker = Instant.ofEpochMilli(ByteBuffer.wrap(newest).getLong());
    }
    List<byte[]> kept = new ArrayList<>();
    store.scan((key, value) -> !key.startsWith(ALLOW) || kept.add(value));
    for (byte[] allow : kept) {
      inForce = with(inForce, Reading.decode(allows.deserializer(), allow));
    }
  }

  InForce now() {
    return inForce;
  }

  /** The latest time that a marker was said at; the newest one may have an earlier one. */
  Instant newestMarker() {
    return newestMarker;
  }

  /**
   * The marker's policies hold from here on, and no others.
   *
   * @param at when it was said
   */
  void take(PolicyMarker marker, Instant at) throws Unbelievable {
    inForce = with(inForce, marker);
    store.put(POLICIES, markers.serializer().serialize(POLICIES, marker));
    if (at.isAfter(newestMarker)) {
      newestMarker = at;
      byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(at.toEpochMilli()).array();
      store.put(NEWEST_MARKER, bytes);
    }
  }

  void take(AllowRecord allow) throws Unbelievable {
    inForce = with(inForce, allow);
    store.put(ALLOW + allow.getTarget(), allows.serializer().serialize(allow.getTarget(), allow));
  }

  void disallow(String target) {
    inForce = inForce.withoutAllow(target);
    store.delete(ALLOW + target);
  }

  private static InForce with(InForce inForce, PolicyMarker marker) throws Unbelievable {
    Map<String, Policy> policies = new HashMap<>();
    for (PolicyRecord record : marker.getPolicies()) {
      Reading.requireName("jail", record.getJail());
      try {
        policies.put(record.getJail(), JailRecords.policy(record));
      } catch (IllegalArgumentException e) {
        throw new Unbelievable("policy of jail " + record.getJail(), e);
      }
    }
    return inForce.with(marker.getVersion(), policies, Math.max(1, marker.getPartitions()));
  }

  private static InForce with(InForce inForce, AllowRecord record) throws Unbelievable {
    List<Address> networks = new ArrayList<>();
    for (String network : record.getAddresses()) {
      networks.add(Reading.address("allow", network));
    }
    Instant until = Optional.ofNullable(record.getUntil()).orElse(Ban.FOR_EVER);
    return inForce.with(record.getTarget(), new Allow(networks, until));
  }
}
