package io.banstream.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that names all others. */
@Command(
    name = "banstream",
    versionProvider = Banstream.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Bans password guessers on a whole fleet of mail hosts, over Kafka.",
    footer = {
      "",
      "To see it work:             banstream demo",
      "One host, all in one:       banstream up --config /etc/fail2ban",
      "What is banned, and why:    banstream bans; banstream explain 192.0.2.1",
      "Someone is locked out:      banstream unban 192.0.2.1; banstream allow 192.0.2.1",
      "Try a filter on a log:      banstream match --config . --filter sshd auth.log",
      "",
      "Exit codes: 0 done; 1 failed, or a check found warnings; 2 something to put",
      "right, told in one line on stderr. BANSTREAM_DATA and BANSTREAM_CONSOLE stand",
      "in for --data and --console."
    },
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      IngestCommand.class,
      ProcessCommand.class,
      EnforceCommand.class,
      ConsoleCommand.class,
      MatchCommand.class,
      ReplayCommand.class,
      JailsCommand.class,
      StatusCommand.class,
      BansCommand.class,
      BanCommand.class,
      UnbanCommand.class,
      AllowCommand.class,
      AllowsCommand.class,
      DisallowCommand.class,
      ExplainCommand.class,
      HostsCommand.class,
      AlertsCommand.class,
      UsersCommand.class,
      FlushCommand.class,
      ImportCommand.class,
      ShadowCommand.class,
      HelpCommand.class
    })
final class Banstream implements Runnable {
  @Mixin Verbose verbose;
  @Spec CommandSpec spec;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  boolean version;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  /** The build's version. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      Properties build = new Properties();
      try (InputStream in = Banstream.class.getResourceAsStream("/banstream.properties")) {
        build.load(in);
      }
      return new String[] {"banstream " + build.getProperty("version")};
    }
  }
}
