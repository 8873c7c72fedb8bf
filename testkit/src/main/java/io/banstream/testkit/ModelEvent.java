package io.banstream.testkit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What one partition's task reads, in its order, as {@link BanModel} takes it. */
public sealed interface ModelEvent {
  /** When the broker appended the record. */
  Instant appended();

  /**
   * Where a line stood.
   *
   * @param ordinal the how-manieth failure of that line
   */
  record Position(String incarnation, String source, long generation, long offset, int ordinal) {}

  /** A login that a host's log told of. */
  sealed interface Login extends ModelEvent {
    String host();

    Position position();

    String jail();

    /** The client's full address. */
    String address();

    /** When it happened, by the log. */
    Instant time();
  }

  /**
   * A failed login.
   *
   * @param time when it happened, by the log
   * @param address the client's full address
   */
  record Failure(
      Instant appended,
      String host,
      Position position,
      String jail,
      String address,
      Instant time,
      String user)
      implements Login {}

  /** A login that succeeded. */
  record Success(
      Instant appended, String host, Position position, String jail, String address, Instant time)
      implements Login {}

  /**
   * An operator's ban, or one that another system decided.
   *
   * @param until empty: for ever
   * @param imported empty: an operator's
   */
  record Ban(
      Instant appended,
      Instant time,
      String address,
      String jail,
      Optional<Instant> until,
      Optional<Imported> imported)
      implements ModelEvent {}

  /** When and where another system decided a ban. */
  record Imported(Instant from, String host) {}

  /**
   * An operator's unban.
   *
   * @param jail empty: every jail's
   */
  record Unban(
      Instant appended, Instant time, String address, Optional<String> jail, boolean keepHistory)
      implements ModelEvent {}

  /**
   * An operator's allow.
   *
   * @param networks what the target stands for
   * @param until empty: for ever
   */
  record Allow(
      Instant appended, Instant time, String target, List<String> networks, Optional<Instant> until)
      implements ModelEvent {}

  /**
   * What one partition's task tells another: a jail banned an address of a network on the fleet, or
   * lifted that ban.
   *
   * @param until empty: for ever; {@code from}: it was lifted
   */
  record Note(
      Instant appended,
      String jail,
      String network,
      String address,
      Instant from,
      Optional<Instant> until)
      implements ModelEvent {}

  /** An allow withdrawn. */
  record Disallow(Instant appended, Instant time, String target) implements ModelEvent {}

  /**
   * From here on these policies hold, and no others.
   *
   * @param partitions of the topics that are partitioned by address; 1 where it is not known
   */
  record Marker(
      Instant appended, Instant time, long version, List<ModelPolicy> policies, int partitions)
      implements ModelEvent {}
}
