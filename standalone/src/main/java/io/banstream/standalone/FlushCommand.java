package io.banstream.standalone;

import io.banstream.enforcer.Flush;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Everything of ours out of the firewall. */
@Command(
    name = "flush",
    description = {
      "Take everything of ours out of this host's firewall.",
      "It is then as it was before the first start; fail2ban's rules and everyone "
          + "else's stay. Stop 'up' or 'enforce' first."
    },
    footer = {"", "Example:", "  systemctl stop banstream; banstream flush"})
final class FlushCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin DataOption data;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    List<String> taken = Flush.run(data.data.resolve("enforce"), List.of());
    taken.forEach(spec.commandLine().getOut()::println);
    for (Path saved : Flush.savedWithOurs(Path.of("/"))) {
      spec.commandLine()
          .getErr()
          .println(
              saved
                  + ": names banstream's sets, which are gone: save your firewall anew, or the next"
                  + " boot refuses all of it");
    }
    return Main.FINE;
  }
}
