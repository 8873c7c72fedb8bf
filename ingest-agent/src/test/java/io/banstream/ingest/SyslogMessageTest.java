package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SyslogMessageTest {
  private static final Instant RECEIVED = Instant.parse("2026-01-02T12:00:00Z");
  private static final ZoneId ZONE = ZoneOffset.ofHours(1);
  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:([nt0])|x(\\p{XDigit}{2}))");

  static Stream<String> cases() throws IOException {
    try (var in = SyslogMessageTest.class.getResourceAsStream("syslog-messages.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
          .lines().filter(line -> !line.startsWith("#")).toList().stream();
    }
  }

  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            m ->
                Matcher.quoteReplacement(
                    m.group(2) != null
                        ? String.valueOf((char) Integer.parseInt(m.group(2), 16))
                        : m.group(1).replace('n', '\n').replace('t', '\t').replace('0', '\0')));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isReadAsItsCaseSays(String line) {
    String[] parts = line.split(" => ", 2);
    byte[] bytes = unescaped(parts[0]).getBytes(StandardCharsets.ISO_8859_1);
    SyslogMessage message = SyslogMessage.parse(bytes, 0, bytes.length);
    int blank = parts[1].indexOf(' ');
    String time = parts[1].substring(0, blank);
    assertThat(new String(message.text(), StandardCharsets.ISO_8859_1))
        .isEqualTo(unescaped(parts[1].substring(blank + 1)));
    assertThat(message.stamp().map(s -> s.at(RECEIVED, ZONE)))
        .isEqualTo(time.equals("-") ? Optional.empty() : Optional.of(Instant.parse(time)));
    message.stamp().ifPresent(s -> assertThat(SyslogStamp.parse(s.toString())).contains(s));
  }

  @Test
  void whateverComesIsOneLineOfTheSpool() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      SpoolLine.write(out, RECEIVED, SyslogMessage.parse(bytes, 0, bytes.length));
      String line = out.toString(StandardCharsets.ISO_8859_1);
      assertThat(line.indexOf('\n')).as("seed " + seed).isEqualTo(line.length() - 1);
      assertThat(line.chars().limit(line.length() - 1))
          .as("seed " + seed)
          .noneMatch(c -> c < ' ' && c != '\t' || c == 0x7F);
    }
  }
}
