package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.console.ConsoleClient;
import io.banstream.jails.Jail;
import io.banstream.schemas.Address;
import io.banstream.standalone.Fail2banDatabase.Row;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** fail2ban's bans, from its database: those in force and those that are history. */
@Command(
    name = "fail2ban",
    description = {
      "Take over fail2ban's bans: those in force are enforced until fail2ban would "
          + "have lifted them, those that are over count as history for repeat offenders.",
      "Its jails must be in force here by the same names ('jails push' or 'up "
          + "--config'). Repeating it does no harm."
    },
    footer = {
      "",
      "Examples:",
      "  banstream import fail2ban",
      "  banstream import fail2ban relay2.sqlite3 --host relay2"
    })
final class ImportFail2banCommand implements Callable<Integer> {
  /** Where fail2ban keeps it unless told otherwise. */
  static final String DATABASE = "/var/lib/fail2ban/fail2ban.sqlite3";

  /**
   * As many bans as go in one order: an order of long names stays far below the console's limit.
   */
  private static final int BATCH = 2_000;

  /** Else the bans that made one of recidive's make it again, a second beside fail2ban's. */
  private static final Comparator<Row> RECIDIVE_FIRST =
      Comparator.comparing(row -> !row.jail().equals(Jail.RECIDIVE));

  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Mixin HostName host;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      defaultValue = DATABASE,
      description = "fail2ban's dbfile (default: ${DEFAULT-VALUE}).")
  private Path file;

  @Override
  public Integer call() throws Exception {
    List<Row> rows = Fail2banDatabase.read(file);
    List<Row> addressed =
        rows.stream().filter(r -> r.address().isPresent()).sorted(RECIDIVE_FIRST).toList();
    ObjectNode answer = JSON.createObjectNode().put("host", host.text());
    answer.put("taken", 0).put("notAddresses", rows.size() - addressed.size());
    ObjectNode unknown = answer.putObject("unknownJails");
    ConsoleClient orders = console.ordering();
    for (int from = 0; from < addressed.size(); from += BATCH) {
      List<Row> batch = addressed.subList(from, Math.min(from + BATCH, addressed.size()));
      Optional<String> why = Optional.of("imported from fail2ban");
      add(answer, unknown, orders.take(host.text(), json(batch), why));
    }
    return Answer.print(spec, format, answer, OrderText::take);
  }

  private static ArrayNode json(List<Row> rows) {
    ArrayNode bans = JSON.createArrayNode();
    for (Row row : rows) {
      ObjectNode ban = bans.addObject().put("jail", row.jail());
      ban.put("address", row.address().map(Address::toString).orElseThrow());
      ban.put("from", row.from().getEpochSecond());
      row.bantime().ifPresent(seconds -> ban.put("for", seconds));
    }
    return bans;
  }

  private static void add(ObjectNode sum, ObjectNode unknown, JsonNode answer) {
    sum.put("taken", sum.path("taken").asInt() + answer.path("taken").asInt());
    answer
        .path("unknownJails")
        .fields()
        .forEachRemaining(
            jail ->
                unknown.put(
                    jail.getKey(), unknown.path(jail.getKey()).asInt() + jail.getValue().asInt()));
  }
}
