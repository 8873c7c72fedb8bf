package io.banstream.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A console's answers as text for a terminal, without a last line's end. {@code status} has
 * fail2ban-client's layout, tabs included, so that scripts that read it go on working. Whatever
 * came from a log is made harmless for the terminal.
 */
public final class StatusText {
  private StatusText() {}

  /** {@code fail2ban-client status}, from {@link ConsoleClient#status()}. */
  public static String status(JsonNode status) {
    List<String> jails = new ArrayList<>();
    status.path("jails").forEach(j -> jails.add(text(j, "jail")));
    return "Status\n|- Number of jail:\t"
        + jails.size()
        + "\n`- Jail list:\t"
        + String.join(", ", jails);
  }

  /**
   * {@code fail2ban-client status JAIL}, from {@link ConsoleClient#status(String,
   * java.util.Optional)}.
   */
  public static String jail(JsonNode jail) {
    List<String> lines = new ArrayList<>();
    lines.add("Status for the jail: " + text(jail, "jail"));
    lines.add("|- Filter");
    lines.add("|  |- Currently failed:\t" + jail.path("currentlyFailed").asLong());
    lines.add("|  |- Total failed:\t" + jail.path("totalFailed").asLong());
    String files = "File list:\t" + words(jail.path("files"), " ");
    String matches = "Journal matches:\t" + words(jail.path("journalMatches"), " + ");
    if (!jail.path("journal").asBoolean()) {
      lines.add("|  `- " + files);
    } else if (jail.path("files").isEmpty()) {
      lines.add("|  `- " + matches);
    } else { // groups of hosts that differ: fail2ban knows one host only
      lines.add("|  |- " + files);
      lines.add("|  `- " + matches);
    }
    lines.add("`- Actions");
    lines.add("   |- Currently banned:\t" + jail.path("currentlyBanned").asLong());
    lines.add("   |- Total banned:\t" + jail.path("totalBanned").asLong());
    lines.add("   `- Banned IP list:\t" + words(jail.path("bannedAddresses"), " "));
    return String.join("\n", lines);
  }

  /** A table, newest ban first. */
  public static String bans(JsonNode bans) {
    if (bans.path("bans").isEmpty()) {
      return "No bans in force.";
    }
    Table table = new Table("ADDRESS", "JAIL", "REACH", "LEFT", "UNTIL", "NTH", "CAUSE");
    for (JsonNode b : bans.path("bans")) {
      table.row(
          text(b, "address"),
          text(b, "jail"),
          reach(b),
          left(b),
          b.path("until").isNull() ? "for ever" : second(b, "until"),
          text(b, "nth"),
          cause(b));
    }
    return table.toString();
  }

  private static String reach(JsonNode ban) {
    String reach = text(ban, "reach");
    return reach.equals("*") ? "fleet" : reach;
  }

  private static String left(JsonNode ban) {
    JsonNode left = ban.path("secondsLeft");
    return left.isNumber() ? Spans.text(Duration.ofSeconds(left.asLong())) : "-";
  }

  private static String cause(JsonNode ban) {
    if (ban.hasNonNull("who")) {
      return "said by " + text(ban, "who") + (ban.hasNonNull("why") ? ", " + text(ban, "why") : "");
    }
    if (isNetwork(ban)) {
      return addresses(ban);
    }
    String hosts = words(ban.path("hosts"), ", ");
    return text(ban, "failures")
        + " failures"
        + within(ban)
        + (hosts.isEmpty() ? "" : " on " + hosts)
        + (ban.path("limited").asBoolean() ? ", limited by the guard" : "");
  }

  /** Whether it is of a network, for the addresses that are banned in it. */
  private static boolean isNetwork(JsonNode ban) {
    return ban.path("network").asBoolean();
  }

  private static String addresses(JsonNode ban) {
    return text(ban, "failures")
        + (ban.path("failures").asInt() == 1 ? " address" : " addresses")
        + " banned";
  }

  /** Of a ban by the second window: how long that is. */
  private static String within(JsonNode ban) {
    JsonNode longtime = ban.path("longtime");
    return longtime.isNumber()
        ? " within " + Spans.text(Duration.ofSeconds(longtime.asLong()))
        : "";
  }

  /** What is known of an address. */
  public static String explain(JsonNode e) {
    List<String> lines = new ArrayList<>();
    lines.add(text(e, "address") + ": " + text(e, "summary"));
    for (JsonNode j : e.path("jails")) {
      lines.add("  " + text(j, "jail") + ": " + text(j, "state"));
    }
    for (JsonNode a : e.path("allows")) {
      lines.add(
          "Allowed: "
              + text(a, "target")
              + " since "
              + second(a, "since")
              + " by "
              + text(a, "who")
              + (a.hasNonNull("why") ? ", " + text(a, "why") : ""));
    }
    for (JsonNode s : e.path("skipped")) {
      lines.add(
          "Not applied on " + text(s, "host") + " (" + text(s, "jail") + "): " + text(s, "why"));
    }
    bans("In force", e.path("bans"), lines);
    bans("Over", e.path("over"), lines);
    if (e.hasNonNull("lastSuccess")) {
      lines.add("Last login that succeeded: " + failure(e.path("lastSuccess")));
    }
    attempts(e, lines);
    return String.join("\n", lines);
  }

  private static void bans(String title, JsonNode bans, List<String> lines) {
    for (JsonNode b : bans) {
      String until = b.path("until").isNull() ? "for ever" : "until " + second(b, "until");
      lines.add(
          title
              + ": "
              + text(b, "jail")
              + " banned "
              + text(b, "address")
              + " from "
              + second(b, "from")
              + " "
              + until
              + (within(b).isEmpty() ? "" : ", " + text(b, "failures") + " failures" + within(b))
              + (isNetwork(b) ? ", " + addresses(b) : "")
              + (b.path("limited").asBoolean()
                  ? ", limited to " + text(b, "reach") + " by the guard"
                  : "")
              + (b.hasNonNull("liftedAt") ? ", lifted at " + second(b, "liftedAt") : "")
              + (b.hasNonNull("who") ? ", said by " + text(b, "who") : "")
              + (b.hasNonNull("why") ? ", " + text(b, "why") : ""));
      for (JsonNode f : b.path("evidence")) {
        lines.add("    " + failure(f));
      }
    }
  }

  private static void attempts(JsonNode e, List<String> lines) {
    JsonNode attempts = e.path("attempts");
    lines.add(
        attempts.size()
            + (attempts.size() == 1 ? " attempt" : " attempts")
            + " since "
            + second(e, "attemptsSince")
            + (e.path("attemptsComplete").asBoolean() ? "" : " (the newest: there are more)"));
    for (JsonNode a : attempts) {
      lines.add("    " + text(a, "jail") + " " + text(a, "outcome") + " " + failure(a));
    }
  }

  private static String failure(JsonNode f) {
    return second(f, "time")
        + (text(f, "host").isEmpty() ? "" : " " + text(f, "host"))
        + (f.hasNonNull("user") ? " user " + text(f, "user") : "")
        + ": "
        + text(f, "line");
  }

  /** A table, with what is wrong beneath. */
  public static String hosts(JsonNode hosts) {
    if (hosts.path("hosts").isEmpty()) {
      return "No host was heard of.";
    }
    Table table = new Table("HOST", "GROUP", "AGENTS", "HEARD", "LAG", "LINES", "KERNEL", "STATE");
    List<String> problems = new ArrayList<>();
    for (JsonNode h : hosts.path("hosts")) {
      JsonNode agents = h.path("agents");
      long entries = 0;
      for (JsonNode e : h.path("enforcement")) {
        entries += e.path("entries").asLong();
      }
      table.row(
          text(h, "host"),
          text(h, "group"),
          stream(agents).map(a -> text(a, "role")).collect(Collectors.joining("+")),
          stream(agents).mapToLong(a -> a.path("secondsAgo").asLong()).max().stream()
              .mapToObj(s -> Spans.text(Duration.ofSeconds(s)) + " ago")
              .findFirst()
              .orElse("never"),
          sum(agents, "lag") + " B",
          Long.toString(sum(agents, "lines")),
          Long.toString(entries),
          h.path("problems").isEmpty() ? "ok" : "PROBLEM");
      h.path("problems")
          .forEach(p -> problems.add(text(h, "host") + ": " + Plain.text(p.asText())));
    }
    problems.add(0, table.toString());
    return String.join("\n", problems);
  }

  private static long sum(JsonNode agents, String key) {
    return stream(agents)
        .flatMap(a -> stream(a.path("sources")))
        .mapToLong(s -> Math.max(0, s.path(key).asLong()))
        .sum();
  }

  /** A table of the guards that tripped, what each means beneath. */
  public static String alerts(JsonNode alerts) {
    if (alerts.path("alerts").isEmpty()) {
      return "No alerts.";
    }
    Table table = new Table("SINCE", "LATEST", "HOST", "GUARD", "JAILS", "FIRST HELD BACK");
    List<String> lines = new ArrayList<>();
    for (JsonNode a : alerts.path("alerts")) {
      table.row(
          second(a, "since"),
          second(a, "latest"),
          text(a, "host").equals("*") ? "fleet" : text(a, "host"),
          text(a, "guard"),
          words(a.path("jails"), " "),
          text(a, "address"));
      lines.add(text(a, "words") + ".");
    }
    lines.add(0, table.toString());
    return String.join("\n", lines);
  }

  /**
   * Two tables: addresses with the names they tried, names with the addresses they were tried from.
   */
  public static String users(JsonNode users) {
    List<String> parts = new ArrayList<>();
    if (users.path("addresses").isEmpty()) {
      parts.add("No address tried " + text(users, "leastNames") + " user names within 1 h.");
    } else {
      Table table = new Table("ADDRESS", "NAMES TRIED", "SOME OF THEM");
      users
          .path("addresses")
          .forEach(
              a ->
                  table.row(
                      text(a, "address"), text(a, "names"), words(a.path("someNames"), ", ")));
      parts.add(table.toString());
    }
    if (users.path("names").isEmpty()) {
      parts.add(
          "No name was tried from " + text(users, "leastAddresses") + " addresses within 1 h.");
    } else {
      Table table = new Table("USER NAME", "ADDRESSES", "SOME OF THEM");
      users
          .path("names")
          .forEach(
              n ->
                  table.row(
                      text(n, "name"), text(n, "addresses"), words(n.path("someAddresses"), ", ")));
      parts.add(table.toString());
    }
    if (!users.path("whole").asBoolean()) {
      parts.add(
          "There were more failures than the console looks at: the counts are at least so high.");
    }
    return String.join("\n", parts);
  }

  /** A table of the allows in force. */
  public static String allows(JsonNode allows) {
    if (allows.path("allows").isEmpty()) {
      return "No allows.";
    }
    Table table = new Table("TARGET", "STANDS FOR", "UNTIL", "BY", "WHY");
    for (JsonNode a : allows.path("allows")) {
      table.row(
          text(a, "target"),
          words(a.path("addresses"), " "),
          a.path("until").isNull() ? "it is withdrawn" : second(a, "until"),
          text(a, "who"),
          text(a, "why"));
    }
    return table.toString();
  }

  /** A table of the jails in force. */
  public static String jails(JsonNode jails) {
    if (jails.path("jails").isEmpty()) {
      return "No jails: push a configuration.";
    }
    Table table = new Table("JAIL", "MAXRETRY", "FINDTIME", "BANTIME", "SCOPE", "GROUPS");
    for (JsonNode j : jails.path("jails")) {
      JsonNode policy = j.path("policy");
      table.row(
          text(j, "jail"),
          text(policy, "maxretry"),
          text(policy, "findtime"),
          text(policy, "bantime"),
          text(policy, "scope"),
          stream(j.path("groups")).map(g -> text(g, "group")).collect(Collectors.joining(", ")));
    }
    return table.toString();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static String text(JsonNode node, String key) {
    return node.hasNonNull(key) ? Plain.text(node.path(key).asText()) : "";
  }

  /** An instant cut to the second. */
  private static String second(JsonNode node, String key) {
    return text(node, key).replaceFirst("\\.\\d+Z$", "Z");
  }

  private static String words(JsonNode array, String separator) {
    return stream(array).map(n -> Plain.text(n.asText())).collect(Collectors.joining(separator));
  }
}
