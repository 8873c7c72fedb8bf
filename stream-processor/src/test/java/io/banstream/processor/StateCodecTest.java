package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StateCodecTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final StateCodec CODEC = new StateCodec(new Names());
  private static final JailReach SASL = JailReach.fleet("sasl");
  private static final AddressState WITHOUT_SUCCESS =
      state(
          true,
          new Failure(NOON, "relay1", banned("*", Optional.of("relay1"), false)),
          new Failure(NOON, "relay2", banned("relay2", Optional.of("relay2"), true)),
          new Failure(NOON, "relay2", banned("*", Optional.empty(), false)));
  private static final AddressState STATE =
      WITHOUT_SUCCESS.with(new Success(NOON.minusSeconds(60), NOON));

  /** {@link #WITHOUT_SUCCESS} but for the version, as versions 2 and 3 packed it. */
  private static final String BEFORE_SUCCESSES =
      "0a107265636964697665022a0c72656c617931087361736c0c72656c617932"
          + "04000280d89da9c2680000060004020602020400000802060802080200080206"
          + "020000060280d89da9c268280204904e04000e0008001204060280d89da9c268"
          + "02809f49021c00060280d89da9c268000402000280f7e6a9c268";

  private static final String SUCCESS = "02c0ae96a9c268c0a907";

  /**
   * {@link #WITHOUT_SUCCESS} but for the version: behind each ban, and each ban that failed, is its
   * number.
   */
  private static final String NOW =
      "0a107265636964697665022a0c72656c617931087361736c0c72656c617932"
          + "04000280d89da9c26800000600040206020204000000080206080208020000"
          + "08020602000000060280d89da9c268280204904e04000e0008001204060280"
          + "d89da9c26802809f49021c0000060280d89da9c26800040200000280f7e6a9"
          + "c268";

  private static AddressState state(boolean limited, Failure... recidives) {
    return new AddressState(
        List.of(
            new Window(
                JailReach.fleet("recidive"), NOON, List.of(recidives), List.of(), NOON, false),
            new Window(
                SASL,
                NOON,
                List.of(
                    new Failure(NOON.minusSeconds(5), "relay1", new Failure.Line(7)),
                    new Failure(NOON, "relay2", new Failure.Line(9))),
                List.of(),
                NOON.plusMillis(20),
                true)),
        List.of(
            new Ban(
                0, SASL, NOON, NOON.plusSeconds(600), 1, limited, false, true, false, NOON, true),
            new Ban(0, SASL, NOON, Ban.FOR_EVER, 2, false, false, false, true, NOON, false)),
        Optional.empty(),
        NOON.plusSeconds(600));
  }

  private static Failure.Banned banned(String reach, Optional<String> word, boolean limited) {
    return new Failure.Banned("sasl", reach, 0, word, limited);
  }

  @Test
  void whatIsPackedIsUnpackedTheSame() {
    assertThat(CODEC.decode(CODEC.encode(STATE))).isEqualTo(STATE);
    AddressState none = AddressState.NONE;
    assertThat(CODEC.decode(CODEC.encode(none))).isEqualTo(none);
  }

  @Test
  void aFailuresUserNameIsKept() {
    AddressState state = state(false, new Failure(NOON, "relay1", new Failure.Line(9, -77L)));
    assertThat(CODEC.decode(CODEC.encode(state))).isEqualTo(state);
  }

  @Test
  void whatWasPackedBeforeUserNamesIsRead() {
    assertThat(CODEC.decode(HexFormat.of().parseHex("04" + BEFORE_SUCCESSES + SUCCESS)))
        .isEqualTo(STATE);
  }

  @Test
  void whatWasPackedBeforeBansWereNumberedIsRead() {
    assertThat(CODEC.decode(HexFormat.of().parseHex("05" + BEFORE_SUCCESSES + SUCCESS)))
        .isEqualTo(STATE);
  }

  @Test
  void aBanThatFailedIsKnownByItsNumber() {
    Failure.Banned third = new Failure.Banned("sasl", "*", 3, Optional.empty(), false);
    AddressState state = state(false, new Failure(NOON, "relay1", third));
    assertThat(CODEC.decode(CODEC.encode(state))).isEqualTo(state);
  }

  @Test
  void aNetworksBanIsKnownAsOne() {
    Ban ban = Ban.ofNetwork(SASL, NOON, NOON.plusSeconds(600), 1, NOON);
    AddressState state = AddressState.NONE.with(ban);
    assertThat(CODEC.decode(CODEC.encode(state))).isEqualTo(state);
  }

  @Test
  void anAddressWithTwoFailuresTakesBytesNotKilobytes() {
    assertThat(CODEC.encode(STATE)).hasSizeLessThan(160);
  }

  @Test
  void aSuccessTakesTenBytes() {
    assertThat(CODEC.encode(STATE).length - CODEC.encode(WITHOUT_SUCCESS).length)
        .isLessThanOrEqualTo(10);
  }

  /** Frozen: a store of an older version must be read. */
  @Test
  void theBytesStayAsTheyAre() {
    assertThat(HexFormat.of().formatHex(CODEC.encode(STATE))).isEqualTo("06" + NOW + SUCCESS);
  }

  @Test
  void whatWasPackedBeforeTheGuardIsRead() {
    String packed =
        "010a107265636964697665022a0c72656c617931087361736c0c72656c617932"
            + "04000280d89da9c2680000020004020602060280d89da9c268280204904e0400"
            + "0e0008001204060280d89da9c26802809f49020c00060280d89da9c268000402"
            + "000280f7e6a9c268";
    assertThat(CODEC.decode(HexFormat.of().parseHex(packed)))
        .isEqualTo(state(false, new Failure(NOON, "relay1", banned("*", Optional.empty(), false))));
  }

  @Test
  void whatWasPackedBeforeTheSecondWindowIsRead() {
    assertThat(CODEC.decode(HexFormat.of().parseHex("02" + BEFORE_SUCCESSES)))
        .isEqualTo(WITHOUT_SUCCESS);
  }

  @Test
  void whatWasPackedBeforeSuccessesIsRead() {
    assertThat(CODEC.decode(HexFormat.of().parseHex("03" + BEFORE_SUCCESSES)))
        .isEqualTo(WITHOUT_SUCCESS);
  }

  @Test
  void aSecondWindowTakesSevenBytesAFailure() {
    int least = CODEC.encode(slow(0)).length;
    AddressState twenty = slow(20);
    byte[] packed = CODEC.encode(twenty);
    assertThat(CODEC.decode(packed)).isEqualTo(twenty);
    assertThat(packed.length - least).isLessThanOrEqualTo(20 * 7 + 1);
  }

  /** Failures of one host within a week, eight hours apart. */
  private static AddressState slow(int failures) {
    List<Failure> older =
        Stream.iterate(NOON.minus(Duration.ofHours(8)), t -> t.minus(Duration.ofHours(8)))
            .limit(failures)
            .map(t -> new Failure(t, "relay1", new Failure.Earlier()))
            .toList();
    Failure newest = new Failure(NOON, "relay1", new Failure.Line(7));
    Window window = new Window(SASL, NOON, List.of(newest), older, NOON, false);
    return new AddressState(List.of(window), List.of(), Optional.empty(), NOON);
  }

  @Test
  void anotherVersionIsRefused() {
    assertThatThrownBy(() -> CODEC.decode(new byte[] {9}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("state of version 9, expected at most 6");
  }
}
