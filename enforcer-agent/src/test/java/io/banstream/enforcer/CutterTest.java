package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of connections, by an {@code ss} that answers as other kernels do. */
class CutterTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Map<String, List<Closure>> DOORS = Map.of("sasl", Table.ALL_PORTS);

  /** Its connection is the last: who closes it waits. */
  private static final String LAST = "192.0.2.9";

  @TempDir Path folder;

  @BeforeEach
  void begin() throws IOException {
    Files.createFile(folder.resolve("calls"));
  }

  /**
   * @param closing what {@code ss -K} does
   */
  private Cutter cutter(String connections, String closing) throws IOException {
    Files.writeString(folder.resolve("connections"), connections);
    Path ss = folder.resolve("ss");
    Files.writeString(
        ss,
        """
        #!/bin/sh
        cd %s
        echo "$*" >>calls
        case "$*" in
          -tn) cat connections ;;
          *%s:*) exec sleep 600 ;;
          *) %s ;;
        esac
        """
            .formatted(folder, LAST, closing));
    Files.setPosixFilePermissions(ss, PosixFilePermissions.fromString("rwx------"));
    return new Cutter(List.of("env", "PATH=" + folder + ":/usr/bin:/bin"), Optional.empty());
  }

  private static void ban(Cutter cutter, String address) {
    cutter.banned(List.of(new Entry("sasl", Address.parse(address))), DOORS);
  }

  private long calls(String word) throws IOException {
    return Files.readAllLines(folder.resolve("calls")).stream()
        .filter(l -> l.contains(word))
        .count();
  }

  /** What is told once all before the last is done with. */
  private Optional<String> told(Cutter cutter) {
    ban(cutter, LAST);
    await().atMost(LIMIT).until(() -> calls(LAST) == 1);
    return cutter.problem();
  }

  /** Before Linux 6.11 none can be closed that its process has closed already. */
  @Test
  void whatIsClosedAlreadyAndWaitsForItsPeerIsNoFailure() throws Exception {
    String connections =
        """
        State      Recv-Q Send-Q Local Address:Port Peer Address:Port
        FIN-WAIT-1 0      36     198.51.100.1:25    192.0.2.1:40000
        LAST-ACK   0      36     198.51.100.1:25    192.0.2.1:40001
        ESTAB      0      0      198.51.100.1:25    192.0.2.9:40002
        """;
    try (Cutter cutter = cutter(connections, "true")) {
      ban(cutter, "192.0.2.1");
      await().atMost(LIMIT).until(() -> calls("192.0.2.1:40001") == 1);
      assertThat(told(cutter)).isEmpty();
    }
  }

  @Test
  void whatCanNotBeClosedIsToldUntilSomethingCan() throws Exception {
    String connections =
        """
        ESTAB 0 0 198.51.100.1:25 192.0.2.1:40000
        ESTAB 0 0 198.51.100.1:25 192.0.2.9:40002
        """;
    try (Cutter cutter = cutter(connections, "echo 'ss: invalid option' >&2; exit 255")) {
      ban(cutter, "192.0.2.1");
      await().atMost(LIMIT).until(() -> cutter.problem().isPresent());
      ban(cutter, "192.0.2.2");
      await().atMost(LIMIT).until(() -> calls("-tn") == 2);
      assertThat(told(cutter).orElse("")).contains("invalid option");
    }
  }
}
