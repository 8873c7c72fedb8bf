package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.standalone.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailOptionsTest {
  @TempDir Path folder;

  private void assertRefused(String why, String... options) {
    List<String> up = new ArrayList<>(List.of("up", "--data", folder.resolve("data").toString()));
    up.addAll(List.of(options));
    assertThat(Cli.run(up.toArray(String[]::new)))
        .isEqualTo(new Result(2, "", "banstream up: " + why + "\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "smtp://a:secret@example.com",
        "http://secret.example.com",
        "smtp:secret",
        "smtp://secret:99999",
        "smtp://example.com/secret",
        "smtp://example.com?secret",
        "smtps://",
        "secret secret"
      })
  void whatIsNoServerIsRefusedWithoutItsSecret(String url) {
    assertRefused(
        "smtp: expected smtp://HOST:PORT or smtps://HOST:PORT, without a user", "--smtp", url);
  }

  @Test
  void aLoginIsToldByItsFileWithoutItsSecret() throws Exception {
    String file = folder.resolve("login").toString();
    assertRefused("smtp-login = " + file + ", expected --smtp beside it", "--smtp-login", file);
    String[] smtp = {"--smtp", "smtp://127.0.0.1", "--smtp-login", file};
    assertRefused(file + ": no such file or folder", smtp);
    Files.writeString(Path.of(file), "user = console\n");
    assertRefused(file + ": password = , expected one", smtp);
    Files.writeString(Path.of(file), "password = secret\n");
    assertRefused(file + ": user = , expected one", smtp);
  }

  @Test
  void mailsGoOneWay() {
    assertRefused(
        "mails go by sendmail or by smtp, expected one of them",
        "--sendmail",
        "/usr/sbin/sendmail",
        "--smtp",
        "smtp://127.0.0.1");
  }
}
