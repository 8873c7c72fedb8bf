package io.banstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOnlyTest {
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2, 3};

  @TempDir Path folder;

  @Test
  void aFileIsItsOwnersAlone() throws Exception {
    Path file = folder.resolve("file");
    OwnerOnly.write(file, OLD);
    OwnerOnly.write(file, NEW);
    assertThat(file).hasBinaryContent(NEW);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void whatCanNotBeWrittenLeavesTheOldFileAlone() throws Exception {
    Path file = folder.resolve("file");
    OwnerOnly.write(file, OLD);
    assertThatThrownBy(
            () ->
                OwnerOnly.write(
                    file,
                    out -> {
                      throw new IOException("full");
                    }))
        .hasMessage("full");
    assertThat(folder).isDirectoryContaining("glob:**/file").isDirectoryNotContaining("glob:**new");
    assertThat(file).hasBinaryContent(OLD);
  }

  @Test
  void anInterruptIsLeftToTheCaller() throws Exception {
    Path file = folder.resolve("file");
    Thread.currentThread().interrupt();
    OwnerOnly.write(file, NEW);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).hasBinaryContent(NEW);
  }
}
