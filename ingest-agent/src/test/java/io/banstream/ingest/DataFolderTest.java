package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir Path temp;

  @Test
  void theIncarnationIsMadeOnce() throws IOException {
    Path path = temp.resolve("data/ingest");
    String first;
    try (DataFolder folder = new DataFolder(path)) {
      first = folder.open().incarnation();
    }
    try (DataFolder folder = new DataFolder(path)) {
      assertThat(folder.open())
          .isEqualTo(new Checkpoint(first, Map.of(), Map.of(), Map.of(), Map.of()));
    }
  }

  @Test
  void onlyTheOwnerCanReadWhatIsInIt() throws IOException {
    Path path = temp.resolve("ingest");
    try (DataFolder folder = new DataFolder(path)) {
      folder.open();
      assertThat(mode(path)).isEqualTo("rwx------");
      assertThat(mode(path.resolve("checkpoint.json"))).isEqualTo("rw-------");
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aCheckpointThatIsNoneIsRefusedByItsName() throws IOException {
    Path file = temp.resolve("checkpoint.json");
    Files.writeString(file, "{\"version\":2}");
    try (DataFolder folder = new DataFolder(temp)) {
      assertThatThrownBy(folder::open)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(file + ": version = 2, expected 1");
    }
  }

  @Test
  void aFolderThatIsAFileCantBeUsedNow() throws IOException {
    Path file = Files.writeString(temp.resolve("ingest"), "");
    try (DataFolder folder = new DataFolder(file)) {
      assertThatThrownBy(folder::open).isInstanceOf(IOException.class);
    }
  }
}
