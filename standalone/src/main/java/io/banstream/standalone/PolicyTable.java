package io.banstream.standalone;

import com.fasterxml.jackson.core.JsonGenerator;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.ToLongFunction;

/** Two policies over the same logs, side by side. */
final class PolicyTable {
  /** So many addresses that only one of the two bans are named. */
  private static final int SHOWN = 20;

  private static final JailOutcome NONE = new JailOutcome();

  private final PolicyOutcome a;
  private final PolicyOutcome b;

  PolicyTable(PolicyOutcome a, PolicyOutcome b) {
    this.a = a;
    this.b = b;
  }

  /**
   * @param nameA what the first is called
   * @param nameB what the second is called
   */
  void print(PrintWriter out, String nameA, String nameB) {
    out.println("A: " + nameA);
    out.println("B: " + nameB);
    out.println();
    out.println(String.format("%-26s %14s %14s %14s", "", "A", "B", "B - A"));
    for (String jail : names()) {
      print(out, jail, jail(a, jail), jail(b, jail));
    }
    print(out, "all jails", a.all(), b.all());
    only(out, "A", a, b);
    only(out, "B", b, a);
  }

  private Set<String> names() {
    Set<String> names = new LinkedHashSet<>(a.jails().keySet());
    names.addAll(b.jails().keySet());
    return names;
  }

  private static JailOutcome jail(PolicyOutcome outcome, String jail) {
    return outcome.jails().getOrDefault(jail, NONE);
  }

  private static void print(PrintWriter out, String title, JailOutcome a, JailOutcome b) {
    out.println(title);
    count(out, "failures", a, b, JailOutcome::failures);
    if (a.ignoredFailures() + b.ignoredFailures() > 0) {
      count(out, "failures in ignoreip", a, b, JailOutcome::ignoredFailures);
    }
    count(out, "let through", a, b, JailOutcome::through);
    count(out, "bans", a, b, JailOutcome::bans);
    count(out, "addresses banned", a, b, o -> o.banned().size());
    firstBan(out, a, b);
    row(out, "time banned", text(a.time()), text(b.time()), signed(b.time().minus(a.time())));
    if (a.forEver() + b.forEver() > 0) {
      count(out, "bans for ever", a, b, JailOutcome::forEver);
    }
  }

  /** The means, and no difference where one of the two banned nobody. */
  private static void firstBan(PrintWriter out, JailOutcome a, JailOutcome b) {
    boolean both = !a.banned().isEmpty() && !b.banned().isEmpty();
    row(
        out,
        "failures to first ban",
        a.banned().isEmpty() ? "-" : decimal(a.failuresToBan()),
        b.banned().isEmpty() ? "-" : decimal(b.failuresToBan()),
        both ? signed(b.failuresToBan() - a.failuresToBan(), PolicyTable::decimal) : "-");
    row(
        out,
        "time to first ban",
        a.banned().isEmpty() ? "-" : text(a.timeToBan()),
        b.banned().isEmpty() ? "-" : text(b.timeToBan()),
        both ? signed(b.timeToBan().minus(a.timeToBan())) : "-");
  }

  private static void count(
      PrintWriter out, String what, JailOutcome a, JailOutcome b, ToLongFunction<JailOutcome> of) {
    long inA = of.applyAsLong(a);
    long inB = of.applyAsLong(b);
    row(out, what, "" + inA, "" + inB, signed(inB - inA, d -> "" + Math.round(d)));
  }

  private static void row(PrintWriter out, String what, String a, String b, String difference) {
    out.println(String.format("  %-24s %14s %14s %14s", what, a, b, difference));
  }

  private static String decimal(double value) {
    return String.format("%.1f", value);
  }

  private static String signed(double difference, DoubleFunction<String> text) {
    return (difference < 0 ? "-" : "+") + text.apply(Math.abs(difference));
  }

  private static String signed(Duration difference) {
    return signed(difference.toSeconds(), d -> text(Duration.ofSeconds((long) d)));
  }

  /** The two greatest units. */
  private static String text(Duration time) {
    if (time.toDays() > 0) {
      return time.toDays() + "d " + time.toHoursPart() + "h";
    }
    if (time.toHours() > 0) {
      return time.toHours() + "h " + time.toMinutesPart() + "m";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + "m " + time.toSecondsPart() + "s"
        : time.toSeconds() + "s";
  }

  private static void only(PrintWriter out, String name, PolicyOutcome in, PolicyOutcome other) {
    List<Address> addresses = only(in, other);
    out.println();
    out.println("Banned in " + name + " only (failures, bans, address): " + addresses.size());
    for (Address address : addresses.subList(0, Math.min(SHOWN, addresses.size()))) {
      out.println(String.format("  %7d %5d  %s", in.failures(address), in.bans(address), address));
    }
    if (addresses.size() > SHOWN) {
      out.println("  and " + (addresses.size() - SHOWN) + " more");
    }
  }

  /** Those that only one bans, of the most failures first. */
  private static List<Address> only(PolicyOutcome in, PolicyOutcome other) {
    Set<Address> others = other.all().banned();
    return in.all().banned().stream()
        .filter(address -> !others.contains(address))
        .sorted(
            Comparator.<Address>comparingLong(in::failures)
                .reversed()
                .thenComparing(Address::toString))
        .toList();
  }

  /** An object a jail, one of all ({@code jail} null), then one an address that only one bans. */
  void write(JsonLines json) throws IOException {
    for (String jail : names()) {
      write(json, jail, jail(a, jail), jail(b, jail));
    }
    write(json, null, a.all(), b.all());
    writeOnly(json, "a", a, b);
    writeOnly(json, "b", b, a);
  }

  private static void write(JsonLines json, String jail, JailOutcome a, JailOutcome b)
      throws IOException {
    json.object(
        o -> {
          o.writeStringField("jail", jail);
          write(o, "a", a);
          write(o, "b", b);
        });
  }

  private static void write(JsonGenerator o, String side, JailOutcome outcome) throws IOException {
    o.writeObjectFieldStart(side);
    o.writeNumberField("failures", outcome.failures());
    o.writeNumberField("ignored", outcome.ignoredFailures());
    o.writeNumberField("through", outcome.through());
    o.writeNumberField("bans", outcome.bans());
    o.writeNumberField("addresses", outcome.banned().size());
    o.writeNumberField("failuresToBan", outcome.failuresToBan());
    o.writeNumberField("secondsToBan", outcome.timeToBan().toSeconds());
    o.writeNumberField("secondsBanned", outcome.time().toSeconds());
    o.writeNumberField("forEver", outcome.forEver());
    o.writeEndObject();
  }

  private static void writeOnly(JsonLines json, String side, PolicyOutcome in, PolicyOutcome other)
      throws IOException {
    for (Address address : only(in, other)) {
      json.object(
          o -> {
            o.writeStringField("only", side);
            o.writeStringField("address", address.toString());
            o.writeNumberField("failures", in.failures(address));
            o.writeNumberField("bans", in.bans(address));
          });
    }
  }
}
