package io.banstream.ingest;

import io.banstream.jails.Jail;
import io.banstream.jails.LineMatcher;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the sources of an agent share, from one start at the checkpoint to the next.
 *
 * @param successes which logins that succeeded are sent
 * @param told what is told once
 * @param saved whether it is on disk which file a log's first generation was
 * @param zone of stamps that name none, in a jail without a {@code logtimezone}
 * @param filters compiles a jail's filter; refuses a bad regular expression
 */
record Surroundings(
    String host,
    String incarnation,
    InstantSource clock,
    Shipper shipper,
    Names names,
    Ignoring ignoring,
    Successes successes,
    Told told,
    Predicate<String> saved,
    ZoneId zone,
    Function<Jail, LineMatcher> filters) {}
