package io.banstream.standalone.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.schemas.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShadowBookTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  private final ShadowBook book = new ShadowBook(Duration.ofSeconds(60));

  @Test
  void aBanOfBothIsTheSameThoughOneKnowsMilliseconds() {
    SeenBan theirs = ban("192.0.2.1", NOON, 600);
    SeenBan ours = ban("192.0.2.1", NOON.plusMillis(480), 600);
    assertThat(book.tell(Side.FAIL2BAN, List.of(theirs), NOON)).isEmpty();
    List<Finding> found = book.tell(Side.BANSTREAM, List.of(ours), NOON.plusSeconds(2));
    assertThat(found).containsExactly(Finding.both(theirs, ours));
    assertThat(found.get(0).kind()).isEqualTo(Finding.Kind.SAME);
    assertThat(book.settle(NOON.plusSeconds(300))).isEmpty();
  }

  @Test
  void eachIsToldOnceHoweverOftenItIsSeen() {
    SeenBan theirs = ban("192.0.2.1", NOON, 600);
    book.tell(Side.FAIL2BAN, List.of(theirs), NOON);
    assertThat(book.tell(Side.BANSTREAM, List.of(theirs), NOON)).hasSize(1);
    assertThat(book.tell(Side.BANSTREAM, List.of(theirs), NOON)).isEmpty();
    assertThat(book.tell(Side.FAIL2BAN, List.of(theirs), NOON)).isEmpty();
    assertThat(book.settle(NOON.plusSeconds(61))).isEmpty();
  }

  @Test
  void anotherLengthIsAnotherTime() {
    book.tell(Side.FAIL2BAN, List.of(ban("192.0.2.1", NOON, 600)), NOON);
    List<Finding> found = book.tell(Side.BANSTREAM, List.of(ban("192.0.2.1", NOON, 3600)), NOON);
    assertThat(found.get(0).kind()).isEqualTo(Finding.Kind.OTHER_TIMES);
  }

  @Test
  void oneThatFindsNoOtherStandsAloneAfterAWhile() {
    SeenBan theirs = ban("192.0.2.1", NOON, 600);
    SeenBan ours = ban("192.0.2.2", NOON, 600);
    book.tell(Side.FAIL2BAN, List.of(theirs), NOON);
    book.tell(Side.BANSTREAM, List.of(ours), NOON);
    assertThat(book.settle(NOON.plusSeconds(60))).isEmpty();
    assertThat(book.settle(NOON.plusSeconds(61)))
        .containsExactlyInAnyOrder(
            Finding.alone(Side.FAIL2BAN, theirs), Finding.alone(Side.BANSTREAM, ours));
    assertThat(book.settle(NOON.plusSeconds(200))).isEmpty();
  }

  @Test
  void bansThatDoNotOverlapAreNoPair() {
    book.tell(Side.FAIL2BAN, List.of(ban("192.0.2.1", NOON, 10)), NOON);
    SeenBan later = ban("192.0.2.1", NOON.plusSeconds(20), 10);
    assertThat(book.tell(Side.BANSTREAM, List.of(later), NOON.plusSeconds(20))).isEmpty();
  }

  @Test
  void whatIsOverIsNotCompared() {
    book.tell(Side.FAIL2BAN, List.of(ban("192.0.2.1", NOON.minusSeconds(700), 600)), NOON);
    assertThat(book.settle(NOON.plusSeconds(600))).isEmpty();
  }

  private static SeenBan ban(String address, Instant from, int seconds) {
    return new SeenBan(
        "sshd", Address.parse(address), from, Optional.of(from.plusSeconds(seconds)));
  }
}
