package io.banstream.standalone;

import com.fasterxml.jackson.core.JsonGenerator;
import io.banstream.processor.TopicReplay;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code replay --from-topic} prints. */
final class TopicReplayOutput {
  private final CommandSpec spec;
  private final Format format;
  private final Predicate<Instant> within;

  /**
   * @param within the decisions that are shown, by their begin; earlier records count all the same
   */
  TopicReplayOutput(CommandSpec spec, Format format, Predicate<Instant> within) {
    this.spec = spec;
    this.format = format;
    this.within = within;
  }

  void print(KafkaConnection kafka) throws IOException {
    TopicReplay replay = new TopicReplay(kafka);
    PrintWriter out = spec.commandLine().getOut();
    try (JsonLines json = new JsonLines(out)) {
      replay.run(
          decision -> {
            if (!within.test(decision.getFrom())) {
              return;
            }
            if (format.isJson()) {
              write(json, decision);
            } else {
              out.println(text(decision));
            }
          });
    }
    if (replay.unbelievable() > 0) {
      spec.commandLine()
          .getErr()
          .println(
              "left out, records that can't be read or believed: "
                  + replay.unbelievable()
                  + " of "
                  + replay.read());
    }
  }

  private static void write(JsonLines json, Decision decision) {
    try {
      json.object(o -> fields(o, decision));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fields(JsonGenerator o, Decision d) throws IOException {
    o.writeStringField("verdict", d.getVerdict().name().toLowerCase(Locale.ROOT));
    o.writeStringField("jail", d.getJail());
    o.writeStringField("address", d.getAddress());
    o.writeStringField("reach", d.getReach());
    o.writeNumberField("time", Epoch.of(d.getFrom()));
    if (d.getUntil() == null) {
      o.writeNullField("until");
    } else {
      o.writeNumberField("until", Epoch.of(d.getUntil()));
    }
    o.writeNumberField("nth", d.getNth());
    o.writeNumberField("failures", d.getFailures());
    o.writeNumberField("policy", d.getPolicy());
    o.writeBooleanField("limited", d.getLimited());
    o.writeBooleanField("network", d.getNetwork());
  }

  private static String text(Decision d) {
    String where = d.getReach().equals(DecisionKey.FLEET) ? "" : " on " + d.getReach();
    if (d.getVerdict() == Verdict.UNBAN) {
      return d.getFrom() + " Unban " + d.getAddress() + " in " + d.getJail() + where;
    }
    return String.format(
        "%s Ban %s in %s%s %s: %s%s",
        d.getFrom(),
        d.getAddress(),
        d.getJail(),
        where,
        d.getUntil() == null ? "for ever" : "until " + d.getUntil(),
        cause(d),
        d.getLimited() ? ", limited by the guard" : "");
  }

  private static String cause(Decision d) {
    int count = d.getFailures();
    if (d.getNetwork()) {
      return count + (count == 1 ? " address banned" : " addresses banned");
    }
    return count + (count == 1 ? " failure" : " failures");
  }
}
