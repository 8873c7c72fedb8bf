package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.schemas.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NamesTest {
  private Instant now = Instant.parse("2026-11-25T03:00:00Z");
  private final InstantSource clock = () -> now;
  private final AtomicInteger asked = new AtomicInteger();

  private InetAddress[] lookUp(String name) throws UnknownHostException {
    asked.incrementAndGet();
    if (name.equals("no.example.com")) {
      throw new UnknownHostException(name);
    }
    return new InetAddress[] {
      InetAddress.getByName("192.0.2.7"),
      InetAddress.getByName("192.0.2.3"),
      InetAddress.getByName("192.0.2.7")
    };
  }

  @Test
  void theAddressesOfANameAreInOrderAndEachOnce() throws Exception {
    try (Names names = new Names(this::lookUp, clock, () -> {})) {
      assertThat(names.resolve("mail.example.com").get(60, TimeUnit.SECONDS))
          .isEqualTo(List.of(Address.parse("192.0.2.3"), Address.parse("192.0.2.7")));
      assertThat(names.resolve("no.example.com").get(60, TimeUnit.SECONDS)).isEmpty();
    }
  }

  @Test
  void aNameIsAskedForOnceInAWhile() throws Exception {
    try (Names names = new Names(this::lookUp, clock, () -> {})) {
      for (int i = 0; i < 3; i++) {
        names.resolve("no.example.com").get(60, TimeUnit.SECONDS);
      }
      assertThat(asked).hasValue(1);
      now = now.plus(Duration.ofMinutes(10));
      names.resolve("no.example.com").get(60, TimeUnit.SECONDS);
      assertThat(asked).hasValue(2);
    }
  }
}
