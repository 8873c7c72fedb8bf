package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogPathsTest {
  @TempDir Path folder;

  private void files(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
    }
  }

  private List<String> expand(String glob) throws IOException {
    return LogPaths.expand(folder + "/" + glob).stream()
        .map(p -> folder.relativize(p).toString())
        .toList();
  }

  @Test
  void aPathWithoutAGlobIsItselfThereOrNot() throws IOException {
    assertThat(expand("maillog")).containsExactly("maillog");
  }

  @Test
  void aGlobMeansTheFilesThereAre() throws IOException {
    files("a/error.log", "b/error.log", "b/access.log", "b/.error.log", "c{1}/error.log");
    assertThat(expand("*/error.log"))
        .containsExactly("a/error.log", "b/error.log", "c{1}/error.log");
    assertThat(expand("[bc]*/*.log"))
        .containsExactly("b/access.log", "b/error.log", "c{1}/error.log");
    assertThat(expand("no*/x")).isEmpty();
  }

  @Test
  void whatALogWasRotatedToIsNotReadAgain() throws IOException {
    files("mail.log", "mail.log.1", "mail.log.2.gz", "mail.log-20261125", "mail.info");
    assertThat(expand("mail*")).containsExactly("mail.info", "mail.log");
  }

  @Test
  void aLogIsOfItsGlobAlsoWhereItIsAway() {
    assertThat(LogPaths.isOf("/var/log/*/maillog", Path.of("/var/log/a/maillog"))).isTrue();
    assertThat(LogPaths.isOf("/var/log/*", Path.of("/var/log/a/maillog"))).isFalse();
    assertThat(LogPaths.isOf("/var/log/maillog", Path.of("/var/log/maillog"))).isFalse();
  }
}
