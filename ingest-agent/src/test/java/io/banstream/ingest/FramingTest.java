package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramingTest {
  private final List<String> messages = new ArrayList<>();
  private int leftOut;
  private final Framing framing =
      new Framing(
          new Framing.Messages() {
            @Override
            public void message(byte[] buf, int from, int to) {
              messages.add(new String(buf, from, to - from, StandardCharsets.UTF_8));
            }

            @Override
            public void leftOut() {
              leftOut++;
            }
          });

  private boolean take(String text) {
    return framing.take(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void linesEndWithLfOrNul() {
    assertThat(take("<1>a\n<1>b\0\n\n<1>c")).isTrue();
    assertThat(messages).containsExactly("<1>a", "<1>b");
    take("c\n");
    assertThat(messages).containsExactly("<1>a", "<1>b", "<1>cc");
    assertThat(leftOut).isZero();
  }

  @Test
  void aCountedMessageMayHoldLineEnds() {
    assertThat(take("6 <1>a\nb7 <1>abcd\n3 xyz")).isTrue();
    assertThat(messages).containsExactly("<1>a\nb", "<1>abcd", "xyz");
  }

  @Test
  void aMessageMayComeByteForByte() {
    for (char c : "4 <1>a10 0123456789".toCharArray()) {
      assertThat(take(String.valueOf(c))).isTrue();
    }
    assertThat(messages).containsExactly("<1>a", "0123456789");
  }

  @Test
  void aLineThatBeginsWithADateIsNoCountedMessage() {
    assertThat(take("2026-01-01T00:00:00Z host a: b\n<1>c\n")).isTrue();
    assertThat(messages).containsExactly("2026-01-01T00:00:00Z host a: b", "<1>c");
  }

  @Test
  void aLineTooLongIsLeftOutAndTheNextIsTaken() {
    take("<1>" + "x".repeat(Framing.LONGEST) + "\n<1>" + "y".repeat(Framing.LONGEST - 3) + "\n");
    assertThat(messages).containsExactly("<1>" + "y".repeat(Framing.LONGEST - 3));
    assertThat(leftOut).isOne();
  }

  @Test
  void aCountedMessageTooLongIsLeftOutAndTheNextIsTaken() {
    assertThat(take("20000 " + "x".repeat(20_000) + "4 <1>a")).isTrue();
    assertThat(messages).containsExactly("<1>a");
    assertThat(leftOut).isOne();
  }

  @Test
  void whereTheNextMessageBeginsCanNotBeKnownBehindAFalseLength() {
    assertThat(take("4 <1>ajunk")).isFalse();
    assertThat(messages).containsExactly("<1>a");
    assertThat(leftOut).isOne();
  }

  @Test
  void whatLacksItsEndIsLeftOut() {
    take("<1>failure from 192.0.2.1");
    framing.end();
    assertThat(messages).isEmpty();
    assertThat(leftOut).isOne();
  }
}
