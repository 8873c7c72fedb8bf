package io.banstream.standalone;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The {@code banstream} command. */
public final class Main {
  static final int FINE = 0;
  static final int FAILED = 1;
  static final int USER_ERROR = 2;

  private Main() {}

  public static void main(String[] args) {
    // Whatever the locale says: names in logs and configurations are UTF-8.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.exit(run(out, err, args));
  }

  /**
   * Runs one command to its end.
   *
   * @return 0: done; 1: failed, or warnings where a check found some; 2: the user's to put right
   */
  public static int run(PrintStream out, PrintStream err, String... args) {
    boolean verbose = List.of(args).contains(Verbose.OPTION);
    if (verbose) {
      Verbose.raise();
    }
    return commandLine(args)
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler(Main::misused)
        .setExecutionExceptionHandler((e, line, parsed) -> failed(e, line, verbose))
        .execute(args);
  }

  /**
   * What is understood. An agent, told by the first word, is read without the other commands: their
   * descriptions take more than a megabyte for as long as it runs, and the agents' class path does
   * not have what they need.
   */
  static CommandLine commandLine(String... args) {
    CommandLine line =
        switch (args.length == 0 ? "" : args[0]) {
          case "ingest" -> alone("ingest", new IngestCommand());
          case "enforce" -> alone("enforce", new EnforceCommand());
          default -> new CommandLine(new Banstream());
        };
    return line.setCaseInsensitiveEnumValuesAllowed(true).setUsageHelpAutoWidth(false);
  }

  private static CommandLine alone(String name, Object command) {
    return new CommandLine(CommandSpec.create().name("banstream")).addSubcommand(name, command);
  }

  private static int misused(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    String command = line.getCommandSpec().qualifiedName();
    line.getErr()
        .println(command + ": " + oneLine(e.getMessage()) + " (see " + command + " --help)");
    return USER_ERROR;
  }

  private static int failed(Exception e, CommandLine line, boolean verbose) {
    Failure failure = Failure.of(e);
    line.getErr().println(line.getCommandSpec().qualifiedName() + ": " + failure.line());
    if (verbose) {
      e.printStackTrace(line.getErr());
    }
    return failure.exit();
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ");
  }
}
