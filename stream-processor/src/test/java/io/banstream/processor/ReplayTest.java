package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.jails.Enforcement;
import io.banstream.jails.FilterDefinition;
import io.banstream.jails.Jail;
import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Sources;
import io.banstream.schemas.Address;
import io.banstream.schemas.EvidenceFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static final Instant LONG_AGO = Instant.parse("2016-11-25T12:00:00Z");

  private final Replay replay = new Replay(List.of(jail("sasl", 2), jail("recidive", 1)));

  private static Jail jail(String name, int maxretry) {
    return new Jail(
        name,
        new Policy(
            Duration.ofMinutes(10),
            Optional.of(Duration.ofHours(1)),
            maxretry,
            List.of(),
            Scope.FLEET,
            64,
            Increment.OFF,
            Duration.ofDays(1),
            Policy.Guard.DEFAULT,
            Optional.empty(),
            name.equals("recidive") ? Optional.of(Set.of()) : Optional.empty(),
            Policy.Trust.DEFAULT,
            name.equals("sasl") ? Optional.of(new Policy.Subnet(2, 24, 64)) : Optional.empty(),
            0),
        Sources.none(
            new FilterDefinition(
                name,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                1,
                List.of(),
                List.of())),
        new Enforcement(List.of(), List.of(), false));
  }

  private static ReplayFailure failure(String jail, String address, long second, String host) {
    return new ReplayFailure(
        jail,
        Address.parse(address),
        LONG_AGO.plusSeconds(second),
        host,
        Optional.of("bob"),
        "line of " + address);
  }

  @Test
  void aBanAndTheRepeatOffendersComeWithTheFailuresBehindThem() {
    assertThat(replay.add(failure("sasl", "2001:db8::1", 0, "relay2"))).isEmpty();
    Address network = Address.parse("2001:db8::/64");
    assertThat(replay.add(failure("sasl", "2001:db8::2", 5, "relay1")))
        .containsExactly(
            new ReplayDecision(
                "sasl",
                network,
                LONG_AGO.plusSeconds(5),
                Optional.of(LONG_AGO.plusSeconds(3605)),
                false,
                List.of(
                    new EvidenceFailure(LONG_AGO, "relay2", "bob", "line of 2001:db8::1", null),
                    new EvidenceFailure(
                        LONG_AGO.plusSeconds(5), "relay1", "bob", "line of 2001:db8::2", null)),
                List.of("relay1", "relay2")),
            new ReplayDecision(
                "recidive",
                network,
                LONG_AGO.plusSeconds(5),
                Optional.of(LONG_AGO.plusSeconds(3605)),
                false,
                List.of(
                    new EvidenceFailure(
                        LONG_AGO.plusSeconds(5),
                        "relay1",
                        null,
                        "sasl 2016-11-25T12:00:05Z",
                        null)),
                List.of("relay1")));
  }

  @Test
  void soManyBannedAddressesBanTheirNetwork() {
    for (String address : List.of("192.0.2.1", "192.0.2.2")) {
      replay.add(failure("sasl", address, 0, "relay1"));
    }
    assertThat(replay.add(failure("sasl", "192.0.2.1", 5, "relay1")))
        .extracting(ReplayDecision::network)
        .containsExactly(false, false);
    assertThat(replay.add(failure("sasl", "192.0.2.2", 9, "relay1")))
        .hasSize(3)
        .last()
        .isEqualTo(
            new ReplayDecision(
                "sasl",
                Address.parse("192.0.2.0/24"),
                LONG_AGO.plusSeconds(9),
                Optional.of(LONG_AGO.plusSeconds(3609)),
                true,
                List.of(
                    new EvidenceFailure(LONG_AGO.plusSeconds(5), "", null, "192.0.2.1", null),
                    new EvidenceFailure(LONG_AGO.plusSeconds(9), "", null, "192.0.2.2", null)),
                List.of()));
  }

  @Test
  void aJailThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> replay.add(failure("sshd", "192.0.2.1", 0, "relay1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no jail sshd");
  }
}
