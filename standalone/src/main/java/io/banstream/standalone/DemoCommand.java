package io.banstream.standalone;

import io.banstream.console.MailSettings;
import io.banstream.console.UserLimits;
import io.banstream.enforcer.FirewallKind;
import io.banstream.schemas.OwnerOnly;
import io.banstream.standalone.broker.Listen;
import io.banstream.standalone.demo.Stage;
import io.banstream.standalone.run.DataFolder;
import io.banstream.standalone.run.Ending;
import io.banstream.standalone.run.FleetSettings;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole of it, played. */
@Command(
    name = "demo",
    description = {
      "Show it at work: three relays' mail logs are written, attackers among them, "
          + "and 'up' runs on them.",
      "Ends on Ctrl-C, and leaves nothing behind."
    },
    footer = {"", "Example:", "  banstream demo, then open the page that it names"})
final class DemoCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Spec CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep everything there (default: a temporary folder, removed at the end).")
  private Path data;

  @Option(
      names = "--firewall",
      paramLabel = "KIND",
      defaultValue = "dry-run",
      converter = FirewallOption.class,
      description =
          "auto, ipset, nftables, firewalld or dry-run (default: ${DEFAULT-VALUE}, which touches"
              + " nothing).")
  private FirewallKind firewall;

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = "Where the page is (default: " + ConsoleAccess.BIND + ", or else a free port).")
  private String http;

  @Option(names = "--seconds", paramLabel = "N", description = "End by itself, N s after Ready.")
  private Integer seconds;

  @Override
  public Integer call() throws Exception {
    try (Ending ending = new Ending()) {
      Path folder = data != null ? data : Files.createTempDirectory("banstream-demo");
      try {
        return play(ending, folder);
      } finally {
        if (data == null) {
          OwnerOnly.delete(folder);
        }
      }
    }
  }

  private int play(Ending ending, Path folder) throws Exception {
    boolean dryRun = firewall == FirewallKind.DRY_RUN;
    ZoneId zone = ZoneId.systemDefault();
    try (DataFolder demo = DataFolder.open(folder, List.of("demo"));
        Stage stage = Stage.set(demo.part("demo"), zone, Clock.systemUTC())) {
      say(
          "Three relays are about to write their mail logs: "
              + folder.resolve("demo/relay*/maillog"));
      say("Four failed logins of one address, on whichever relays, ban it on all three for 10 s;");
      say("three bans, and it stays out for an hour." + (dryRun ? " No firewall is touched." : ""));
      FleetSettings settings =
          new FleetSettings(
              folder,
              stage.members(dryRun),
              Optional.empty(),
              Optional.empty(),
              http != null ? http : freeBind(),
              MailSettings.NONE,
              Optional.empty(),
              UserLimits.DEFAULT,
              firewall,
              false,
              Optional.empty(),
              zone,
              Clock.systemUTC(),
              new Commentary(spec.commandLine().getOut())::line,
              spec.commandLine().getErr()::println,
              command -> {});
      Optional<Duration> limit = Optional.ofNullable(seconds).map(Duration::ofSeconds);
      return FleetRun.untilTold(
          ending,
          settings,
          limit,
          page -> {
            say("Open that page to watch. Ctrl-C ends it. The first ban comes in a few seconds:");
            stage.begin();
          });
    }
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
  }

  private static String freeBind() {
    try {
      Listen.parse(ConsoleAccess.BIND).bound();
      return ConsoleAccess.BIND;
    } catch (IllegalArgumentException e) {
      return "127.0.0.1:0";
    }
  }

  /** The lines of {@code up}, with a word to the first repeat offender. */
  private static final class Commentary {
    private final PrintWriter out;
    private final AtomicBoolean explained = new AtomicBoolean();

    Commentary(PrintWriter out) {
      this.out = out;
    }

    void line(String line) {
      out.println(line);
      if (line.contains(" in recidive ") && explained.compareAndSet(false, true)) {
        out.println("    a repeat offender: banned three times, it now stays out for an hour.");
      }
    }
  }
}
