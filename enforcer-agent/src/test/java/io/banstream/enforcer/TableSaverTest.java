package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableSaverTest {
  @TempDir Path folder;

  @Test
  void aTableThatCannotBeSavedIsToldAndSavedOnceItCan() throws Exception {
    Path data = folder.resolve("data");
    TableSaver saver = new TableSaver(new TableFile(data));
    saver.save(new Table("relay1"));
    assertThat(saver.problem()).hasValueSatisfying(p -> assertThat(p).contains(data.toString()));

    Files.createDirectory(data);
    saver.saveIfDue(new Table("relay1"));
    assertThat(data).as("nothing changed").isEmptyDirectory();
    saver.changed();
    saver.saveIfDue(new Table("relay1"));
    assertThat(saver.problem()).isEmpty();
    assertThat(new TableFile(data).read("relay1").host()).isEqualTo("relay1");
  }
}
