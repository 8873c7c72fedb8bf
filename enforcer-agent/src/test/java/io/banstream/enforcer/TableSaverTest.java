package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableSaverTest {
  @TempDir Path folder;

  @Test
  void aTableThatCannotBeSavedIsToldAndSavedOnceItCan() throws Exception {
    Path data = folder.resolve("data");
    Instant now = Instant.parse("2026-11-25T03:00:00Z");
    DryRunFirewall firewall = new DryRunFirewall(line -> {});
    Keeper keeper =
        new Keeper(
            firewall,
            new Table("relay1"),
            List.of(),
            List.of(),
            new Cutter(List.of(), Optional.empty()),
            now);
    TableSaver saver = new TableSaver(new TableFile(data), new BootFile(data), () -> now);
    saver.save(keeper, now);
    assertThat(saver.problem()).hasValueSatisfying(p -> assertThat(p).contains(data.toString()));

    Files.createDirectory(data);
    saver.saveIfDue(keeper, now);
    assertThat(data).as("nothing changed").isEmptyDirectory();
    saver.changed();
    saver.saveIfDue(keeper, now);
    assertThat(saver.problem()).isEmpty();
    assertThat(new TableFile(data).read("relay1").host()).isEqualTo("relay1");
  }
}
