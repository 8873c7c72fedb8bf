package io.banstream.standalone;

import io.banstream.console.ConsoleClient;
import io.banstream.console.MailSettings;
import io.banstream.console.UserLimits;
import io.banstream.enforcer.FirewallKind;
import io.banstream.ingest.SyslogSettings;
import io.banstream.schemas.OwnerOnly;
import io.banstream.standalone.Fail2banDatabase.Row;
import io.banstream.standalone.run.Ending;
import io.banstream.standalone.run.FleetSettings;
import io.banstream.standalone.run.Member;
import io.banstream.standalone.shadow.Finding;
import io.banstream.standalone.shadow.SeenBan;
import io.banstream.standalone.shadow.Shadow;
import io.banstream.standalone.shadow.ShadowBook;
import io.banstream.standalone.shadow.Side;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs beside a fail2ban that is at work, and compares. */
@Command(
    name = "shadow",
    description = {
      "Run beside a fail2ban that is at work, in a dry run, and tell of each ban "
          + "whether both have it, from when until when, and why the two differ.",
      "Ends on Ctrl-C or after --for, with a sum. Exit code: 0 where they agreed on "
          + "every ban, 1 otherwise.",
      "",
      "fail2ban, since 0.11, reckons failures that are spread over more than "
          + "findtime by their rate, and may ban with fewer than maxretry in findtime; "
          + "banstream counts those within findtime. And it counts on while a ban lasts, "
          + "which shows where the banned can still reach the server."
    },
    footer = {
      "",
      "Examples:",
      "  banstream shadow --config /etc/fail2ban",
      "  banstream shadow --config /etc/fail2ban --for 1d"
    })
final class ShadowCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin HostName host;
  @Mixin IgnoreCommandOption ignorecommand;
  @Spec CommandSpec spec;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "DIR",
      description = "The folder that fail2ban reads.")
  private Path config;

  @Option(
      names = "--database",
      paramLabel = "FILE",
      defaultValue = ImportFail2banCommand.DATABASE,
      description = "fail2ban's dbfile (default: ${DEFAULT-VALUE}).")
  private Path database;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Length.class,
      description = "End by itself, so long after Ready: 10m, 1d (default: on Ctrl-C).")
  private Duration length;

  @Option(
      names = "--patience",
      paramLabel = "TIME",
      converter = Length.class,
      defaultValue = "60",
      description = "How long a ban waits for the other's (default: ${DEFAULT-VALUE} s).")
  private Duration patience;

  private final Map<Finding.Kind, Integer> sum = new EnumMap<>(Finding.Kind.class);

  @Override
  public Integer call() throws Exception {
    Fail2banDatabase.read(database); // what is wrong with it is told before anything starts
    try (Ending ending = new Ending()) {
      Path folder = Files.createTempDirectory("banstream-shadow");
      try {
        return run(ending, folder);
      } finally {
        OwnerOnly.delete(folder);
      }
    }
  }

  private int run(Ending ending, Path folder) throws Exception {
    FleetSettings settings =
        new FleetSettings(
            folder,
            List.of(
                Member.here(
                    host.text(),
                    "default",
                    Optional.of(config),
                    SyslogSettings.NONE,
                    ignorecommand.allowed)),
            Optional.empty(),
            Optional.empty(),
            "127.0.0.1:0",
            MailSettings.NONE,
            Optional.empty(),
            UserLimits.DEFAULT,
            FirewallKind.DRY_RUN,
            false,
            Optional.empty(),
            ZoneId.systemDefault(),
            Clock.systemUTC(),
            line -> {
              if (line.startsWith("Ready: ")) {
                spec.commandLine().getOut().println(line);
              }
            },
            spec.commandLine().getErr()::println,
            command -> {});
    List<Shadow> begun = new ArrayList<>();
    try {
      FleetRun.untilTold(
          ending, settings, Optional.ofNullable(length), page -> begun.add(begin(page)));
    } finally {
      begun.forEach(Shadow::close);
    }
    spec.commandLine().getOut().println(summary());
    return sum.keySet().stream().allMatch(k -> k == Finding.Kind.SAME) ? Main.FINE : Main.FAILED;
  }

  private Shadow begin(String page) {
    ConsoleClient console = new ConsoleClient(URI.create(page), Optional.empty(), "shadow");
    Shadow shadow = new Shadow(this::theirs, console, new ShadowBook(patience), this::tell);
    shadow.start();
    return shadow;
  }

  private List<SeenBan> theirs() throws IOException {
    List<SeenBan> bans = new ArrayList<>();
    for (Row row : Fail2banDatabase.read(database)) {
      row.address().ifPresent(a -> bans.add(new SeenBan(row.jail(), a, row.from(), until(row))));
    }
    return bans;
  }

  private static Optional<Instant> until(Row row) {
    OptionalLong bantime = row.bantime();
    return bantime.isPresent() && bantime.getAsLong() >= 0
        ? Optional.of(row.from().plusSeconds(bantime.getAsLong()))
        : Optional.empty();
  }

  private void tell(Finding finding, String why) {
    sum.merge(finding.kind(), 1, Integer::sum);
    spec.commandLine().getOut().println(line(finding, why));
  }

  private static String line(Finding finding, String why) {
    SeenBan ban = finding.ban();
    String what = ban.address() + " in " + ban.jail().replaceAll("\\p{Cntrl}", "?") + ": ";
    return switch (finding.kind()) {
      case SAME -> "Same: " + what + span(ban);
      case OTHER_TIMES ->
          "Other times: "
              + what
              + "fail2ban "
              + span(finding.fail2ban().orElseThrow())
              + ", banstream "
              + span(finding.banstream().orElseThrow());
      case FAIL2BAN_ALONE, BANSTREAM_ALONE ->
          "Only " + side(finding.kind()) + ": " + what + span(ban) + "; " + why;
    };
  }

  private static Side side(Finding.Kind kind) {
    return kind == Finding.Kind.FAIL2BAN_ALONE ? Side.FAIL2BAN : Side.BANSTREAM;
  }

  private static String span(SeenBan ban) {
    return ban.from() + ban.until().map(u -> " until " + u).orElse(" for ever");
  }

  private String summary() {
    return String.format(
        Locale.ROOT,
        "Bans of both: %d the same, %d at other times; of fail2ban alone: %d; of banstream alone: %d",
        count(Finding.Kind.SAME),
        count(Finding.Kind.OTHER_TIMES),
        count(Finding.Kind.FAIL2BAN_ALONE),
        count(Finding.Kind.BANSTREAM_ALONE));
  }

  private int count(Finding.Kind kind) {
    return sum.getOrDefault(kind, 0);
  }
}
