package io.banstream.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.schemas.Enforcement;
import io.banstream.schemas.Skipped;
import io.banstream.schemas.SourceStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The hosts as JSON: what their agents last said, and what is wrong. */
final class HostsAnswer {
  private final View view;

  HostsAnswer(View view) {
    this.view = view;
  }

  ObjectNode hosts(Instant now) {
    ObjectNode answer = Json.object();
    ArrayNode hosts = answer.putArray("hosts");
    view.hostNames().forEach(name -> hosts.add(host(name, now)));
    return answer;
  }

  private ObjectNode host(String name, Instant now) {
    List<HostBeat> beats =
        view.beats().stream().filter(b -> b.beat().getHost().equals(name)).toList();
    List<Enforcement> enforcements =
        view.enforcements().stream().filter(e -> e.getHost().equals(name)).toList();
    ObjectNode host = Json.object().put("host", name);
    host.put("group", beats.stream().map(b -> b.beat().getGroup()).findFirst().orElse(null));
    host.set("problems", Json.strings(problems(beats, enforcements, now)));
    host.set("agents", Json.array(beats.stream().map(b -> agent(b, now))));
    host.set("enforcement", Json.array(enforcements.stream().map(HostsAnswer::enforcement)));
    return host;
  }

  private static List<String> problems(
      List<HostBeat> beats, List<Enforcement> enforcements, Instant now) {
    List<String> problems = new ArrayList<>();
    for (HostBeat beat : beats) {
      beat.trouble(now).ifPresent(t -> problems.add(beat.beat().getRole() + ": " + t));
    }
    for (Enforcement e : enforcements) {
      Optional.ofNullable(e.getError()).ifPresent(t -> problems.add(e.getJail() + ": " + t));
    }
    return problems;
  }

  private static ObjectNode agent(HostBeat b, Instant now) {
    ObjectNode agent = Json.object();
    agent.put("role", b.beat().getRole()).put("version", b.beat().getVersion());
    Json.instant(agent, "started", b.beat().getStarted());
    Json.instant(agent, "heard", b.appended());
    agent.put("secondsAgo", b.age(now).toSeconds());
    agent.put("clockBehindMs", b.clockBehind().toMillis());
    agent.put("error", b.beat().getError());
    agent.set("sources", Json.array(b.beat().getSources().stream().map(HostsAnswer::source)));
    return agent;
  }

  private static ObjectNode source(SourceStatus s) {
    return Json.object()
        .put("source", s.getSource())
        .put("generation", s.getGeneration())
        .put("offset", s.getOffset())
        .put("lag", s.getLag())
        .put("lines", s.getLines())
        .put("matched", s.getMatched())
        .put("ignored", s.getIgnored())
        .put("overlong", s.getOverlong())
        .put("error", s.getError());
  }

  private static ObjectNode enforcement(Enforcement e) {
    ObjectNode node = Json.object().put("jail", e.getJail()).put("firewall", e.getFirewall());
    Json.instant(node, "time", e.getTime());
    node.put("entries", e.getEntries()).put("applied", e.getApplied());
    node.put("failed", e.getFailed()).put("mended", e.getMended()).put("error", e.getError());
    ArrayNode skipped = node.putArray("skipped");
    for (Skipped s : e.getSkipped()) {
      skipped.addObject().put("address", s.getAddress()).put("why", s.getWhy());
    }
    return node;
  }
}
