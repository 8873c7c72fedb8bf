package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JournalEntryTest {
  private static final String CURSOR =
      "\"__CURSOR\":\"s=19B46207de874c12a03bcac1786ed28a;i=2a;b=1;m=3e8;t=6446426e19400;x=c7\"";
  private static final String TIME = "\"__REALTIME_TIMESTAMP\":\"1764046800123456\"";

  private static JournalEntry parse(String fields) {
    String json = "{" + CURSOR + "," + TIME + "," + fields + "}";
    return JournalEntry.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String line(String fields) {
    return new String(parse(fields).line(), StandardCharsets.UTF_8);
  }

  @Test
  void theCursorGivesThePosition() {
    JournalEntry entry = parse("\"MESSAGE\":\"x\"");
    assertThat(entry.sequence()).isEqualTo("19b46207de874c12a03bcac1786ed28a");
    assertThat(entry.index()).isEqualTo(42);
    assertThat(entry.cursor()).startsWith("s=19B46207").endsWith(";x=c7");
  }

  @Test
  void theTimeIsTheSendersWhereItSaysOne() {
    assertThat(parse("\"MESSAGE\":\"x\"").time())
        .isEqualTo(Instant.parse("2025-11-25T05:00:00.123456Z"));
    assertThat(parse("\"_SOURCE_REALTIME_TIMESTAMP\":\"1764046799000000\"").time())
        .isEqualTo(Instant.parse("2025-11-25T04:59:59Z"));
  }

  @Test
  void theLineIsAsASyslogFileHasIt() {
    assertThat(
            line(
                "\"_HOSTNAME\":\"relay1\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"_COMM\":\"sshd-session\","
                    + "\"SYSLOG_PID\":\"7\",\"_PID\":\"8\",\"MESSAGE\":\"Failed password\""))
        .isEqualTo("relay1 sshd[7]: Failed password");
    assertThat(line("\"_HOSTNAME\":\"relay1\",\"_COMM\":\"sshd\",\"MESSAGE\":\"m\""))
        .isEqualTo("relay1 sshd: m");
    assertThat(line("\"MESSAGE\":\"alone\"")).isEqualTo("alone");
  }

  @Test
  void theKernelsLinesHaveTheirTimeSinceBoot() {
    assertThat(
            line(
                "\"SYSLOG_IDENTIFIER\":\"kernel\",\"_SOURCE_MONOTONIC_TIMESTAMP\":\"12345678\","
                    + "\"MESSAGE\":\"m\""))
        .isEqualTo("kernel: [   12.345678] m");
  }

  @Test
  void aMessageMayBeBytesOrSeveralOrMissing() {
    JournalEntry bytes = parse("\"MESSAGE\":[97,255,98]");
    assertThat(bytes.line()).containsExactly('a', 255, 'b');
    assertThat(line("\"MESSAGE\":[\"one\",\"two\",[51]]")).isEqualTo("one two 3");
    assertThat(line("\"MESSAGE\":null")).isEmpty();
  }

  @Test
  void aMessageOfSeveralLinesIsOne() {
    assertThat(line("\"MESSAGE\":\"one\\ntwo\"")).isEqualTo("one\\ntwo");
  }

  @Test
  void whatIsNoEntryIsRefused() {
    for (String json : new String[] {"-- No entries --", "{}", "{" + CURSOR + "}", "[1]", ""}) {
      assertThatThrownBy(() -> JournalEntry.parse(json.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
