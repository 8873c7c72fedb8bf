package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTextTest {
  private static String of(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return LogText.of(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "auth: client in: AUTH 1 PLAIN resp=AGFsaWNlAHNlY3JldA== x|auth: client in: AUTH 1 PLAIN resp=*** x",
        "sql(alice): pass=se,cret|sql(alice): pass=***,cret",
        "PASSWORD=\"two words\", user=<a>|PASSWORD=***, user=<a>",
        "Password mismatch (given password: hunter2)|Password mismatch (given password: ***)",
        "Failed password for root from 192.0.2.1|Failed password for root from 192.0.2.1",
        "bypass=1 compass|bypass=1 compass"
      })
  void passwordsAreBlanked(String line, String sent) {
    assertThat(of(line)).isEqualTo(sent);
  }

  @Test
  void aLongLineIsCutBetweenCharacters() {
    String sent = of("a".repeat(511) + "é".repeat(2_000));
    assertThat(sent).isEqualTo("a".repeat(511));
    assertThat(of("é".repeat(3_000)).getBytes(StandardCharsets.UTF_8)).hasSize(512);
  }

  @Test
  void controlCharactersAndBrokenTextCantHarm() {
    byte[] line = {'a', 0, 27, '[', 'm', (byte) 0xFF, '\r', 'b'};
    assertThat(LogText.of(line, 0, line.length)).isEqualTo("a??[m\uFFFD?b");
  }
}
