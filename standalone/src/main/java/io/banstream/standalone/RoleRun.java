package io.banstream.standalone;

import io.banstream.schemas.Role;
import io.banstream.standalone.run.DataFolder;
import io.banstream.standalone.run.Ending;
import io.banstream.standalone.run.Watch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** One role alone in this process, from its start to its end. */
final class RoleRun {
  private final CommandSpec spec;
  private final Path data;
  private final String part;

  /**
   * @param spec of the command
   * @param data the data folder
   * @param part the role's subfolder
   */
  RoleRun(CommandSpec spec, Path data, String part) {
    this.spec = spec;
    this.data = data;
    this.part = part;
  }

  /**
   * @param start starts it; its folder and its lock are there
   * @param ready what to print once it is ready
   */
  <R extends Role> int untilTold(Callable<R> start, Function<R, String> ready) throws Exception {
    try (Ending ending = new Ending();
        DataFolder folder = DataFolder.open(data, List.of(part))) {
      folder.part(part);
      folder.keepTemporaryFiles(part);
      try (R role = start.call()) {
        new Watch(Map.of(spec.name(), role), ending.stop(), spec.commandLine().getErr()::println)
            .run(() -> spec.commandLine().getOut().println(ready.apply(role)), Optional.empty());
      }
    }
    return Main.FINE;
  }
}
