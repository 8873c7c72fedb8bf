package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.jails.Jail;
import io.banstream.schemas.Address;
import io.banstream.schemas.IgnoreRecord;
import io.banstream.testkit.HostileValues;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the shell that there is. */
class IgnoringTest {
  private static final Address ONE = Address.parse("192.0.2.1");
  private static final Address TWO = Address.parse("2001:db8::2");

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-11-25T03:00:00Z");
  private final Told told = new Told();

  private Ignoring ignoring(boolean allowed) {
    return new Ignoring(allowed, Address::isLoopback, () -> now, told, () -> {});
  }

  private static Jail asking(String command) {
    return asking(new IgnoreRecord(command, null, 0, 0L));
  }

  private static Jail asking(IgnoreRecord command) {
    return Fleet.with(Fleet.fileJail("sasl", "/log"), s -> s.setIgnorecommand(command));
  }

  private List<Address> kept(Jail jail, String user, Address... addresses) throws Exception {
    try (Ignoring ignoring = ignoring(true)) {
      return kept(ignoring, jail, user, addresses);
    }
  }

  private static List<Address> kept(Ignoring ignoring, Jail jail, String user, Address... addresses)
      throws Exception {
    return ignoring
        .keep(jail, List.of(addresses), Optional.ofNullable(user))
        .get(60, TimeUnit.SECONDS);
  }

  @Test
  void zeroIgnoresOneCountsAndAnythingElseCounts() throws Exception {
    assertThat(kept(asking("test <ip> = 192.0.2.1"), null, TWO, ONE)).containsExactly(TWO);
    assertThat(kept(asking("exit 2"), null, ONE)).containsExactly(ONE);
    assertThat(kept(asking("exec no-such-command"), null, ONE)).containsExactly(ONE);
    assertThat(kept(asking("kill -9 $$"), null, ONE)).containsExactly(ONE);
  }

  @Test
  void eachTagHasItsValue() throws Exception {
    String four = "test '<ip> <fid> <family> <ip-rev> \"<F-USER>\"' = ";
    String v4 = four + "'192.0.2.1 192.0.2.1 inet4 1.2.0.192. \"a+b@example.com\"'";
    assertThat(kept(asking(v4), "a+b@example.com", ONE)).isEmpty();
    String nibbles = "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.";
    String v6 = "test '<ip> <family> <ip-rev> <F-USER>' = '2001:db8::2 inet6 " + nibbles + " '";
    assertThat(kept(asking(v6), null, TWO)).isEmpty();
    String name = InetAddress.getByName("127.0.0.1").getCanonicalHostName();
    Jail reverse = Fleet.countingItself(asking("test '<ip-host>' = " + name));
    assertThat(kept(reverse, null, Address.parse("127.0.0.1"))).isEmpty();
  }

  @Test
  void otherPointedBracketsAreTheShells() throws Exception {
    Path in = Files.writeString(folder.resolve("in"), "192.0.2.1\n");
    assertThat(kept(asking("read a <" + in + ">/dev/null && test $a = <ip>"), null, ONE)).isEmpty();
  }

  @Test
  void itselfAndWhatIgnoreipHasIsNotAskedFor() throws Exception {
    Path asked = folder.resolve("asked");
    Jail jail = asking("touch " + asked);
    assertThat(kept(jail, null, Address.parse("127.0.0.1"))).isEmpty();
    Jail ignoring = Fleet.ignoring(jail, "192.0.2.0/24");
    assertThat(kept(ignoring, null, ONE)).containsExactly(ONE);
    assertThat(asked).doesNotExist();
  }

  @Test
  void withoutPermissionNothingRuns() throws Exception {
    Path ran = folder.resolve("ran");
    try (Ignoring ignoring = ignoring(false)) {
      assertThat(kept(ignoring, asking("touch " + ran), null, ONE)).containsExactly(ONE);
    }
    assertThat(ran).doesNotExist();
  }

  @Test
  void itSeesNothingOfTheAgent() throws Exception {
    String command = "test \"$(env | grep -v '^\\(PATH\\|PWD\\|SHLVL\\|OLDPWD\\|_\\)=')\" = ''";
    assertThat(kept(asking(command + " && ! read x"), null, ONE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "test <F-USER> = x",
        "test \"<F-USER>\" = x",
        "test '<F-USER>' = x",
        "eval \"test '<F-USER>' = x\"",
        "sh -c \"test <F-USER> = x\"",
        "sh -c 'test \"<F-USER>\" = x'",
        "test `echo <F-USER>` = x",
        "test \"$(echo '<F-USER>')\" = x",
        "bash -c 'test $((<F-USER>)) = 5'",
        "bash -c '[[ <F-USER> -eq 5 ]]'",
        "test x = <<EOF\n<F-USER>\nEOF\n",
        "true # <F-USER>\nexit 1",
        "exit 1; case <F-USER> in x) ;; esac"
      })
  void whatALogSaysIsNeverRun(String command) throws Exception {
    Path run = folder.resolve("run");
    for (String user : HostileValues.thatRun(run)) {
      assertThat(kept(asking(command), user, ONE)).as(user).containsExactly(ONE);
    }
    assertThat(run).doesNotExist();
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  /** The check above could not fail if nothing ever reached the shell. */
  @Test
  void aPlainWordReachesTheShell() throws Exception {
    Path run = folder.resolve("run");
    assertThat(kept(asking("touch " + run + ".<F-USER>"), "alice", ONE)).isEmpty();
    assertThat(Path.of(run + ".alice")).exists();
  }

  @Test
  void anAnswerIsKeptForItsKeyAndTime() throws Exception {
    Path asked = folder.resolve("asked");
    IgnoreRecord command =
        new IgnoreRecord("echo <ip> >>" + asked + "; exit 1", "<F-USER>@<family>", 2, 300_000L);
    Jail jail = asking(command);
    try (Ignoring ignoring = ignoring(true)) {
      kept(ignoring, jail, "alice", ONE);
      kept(ignoring, jail, "alice", Address.parse("192.0.2.9"));
      assertThat(asked(asked)).isEqualTo(1);
      kept(ignoring, jail, "bob", ONE);
      kept(ignoring, jail, "alice", TWO);
      assertThat(asked(asked)).isEqualTo(3);
      kept(ignoring, jail, "alice", ONE);
      assertThat(asked(asked)).as("of three keys two are kept").isEqualTo(4);
      now = now.plus(Duration.ofMinutes(5));
      kept(ignoring, jail, "alice", ONE);
      assertThat(asked(asked)).as("too old").isEqualTo(5);
      Jail other = asking(new IgnoreRecord("exit 0", "<F-USER>@<family>", 2, 300_000L));
      assertThat(kept(ignoring, other, "alice", ONE)).as("another command's").isEmpty();
    }
  }

  private static int asked(Path file) throws IOException {
    return Files.readAllLines(file).size();
  }

  @Test
  void manyAskAtOnceAndOneRuns() throws Exception {
    Path asked = folder.resolve("asked");
    Jail jail =
        asking(new IgnoreRecord("echo >>" + asked + "; sleep 0.2", "<F-USER>", 9, 300_000L));
    try (Ignoring ignoring = ignoring(true)) {
      var answers =
          IntStream.range(0, 50)
              .mapToObj(i -> ignoring.keep(jail, List.of(ONE), Optional.of("alice")))
              .toList();
      for (var answer : answers) {
        assertThat(answer.get(60, TimeUnit.SECONDS)).isEmpty();
      }
    }
    assertThat(asked(asked)).isEqualTo(1);
  }
}
