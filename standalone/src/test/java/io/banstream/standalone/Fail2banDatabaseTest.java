package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.schemas.Address;
import io.banstream.standalone.Fail2banDatabase.Row;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Fail2banDatabaseTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("a 100% odd?name#.sqlite3");
  }

  @Test
  void bothTablesCountAndABanInBothCountsOnce() throws Exception {
    Sqlite.run(
        file,
        Sqlite.BANS,
        Sqlite.BIPS,
        "INSERT INTO bans VALUES ('sshd', '192.0.2.1', 200, 600, 1, '{}')",
        "INSERT INTO bips VALUES ('192.0.2.1', 'sshd', 200, 600, 1, '{}')",
        "INSERT INTO bips VALUES ('2001:db8::1', 'sshd', 100, -1, 3, '{}')");
    assertThat(Fail2banDatabase.read(file))
        .containsExactly(
            row("2001:db8::1", 100, OptionalLong.of(-1)),
            row("192.0.2.1", 200, OptionalLong.of(600)));
  }

  @Test
  void anOldFileSaysNotHowLong() throws Exception {
    Sqlite.run(
        file,
        "CREATE TABLE bans(jail TEXT NOT NULL, ip TEXT, timeofban INTEGER NOT NULL, data JSON)",
        "INSERT INTO bans VALUES ('sshd', '192.0.2.1', 200, '{}')");
    assertThat(Fail2banDatabase.read(file))
        .containsExactly(row("192.0.2.1", 200, OptionalLong.empty()));
  }

  @Test
  void anUpgradedFileSaysMinusTwoWhereItDoesNotKnow() throws Exception {
    Sqlite.run(
        file,
        Sqlite.BANS,
        Sqlite.BIPS,
        "INSERT INTO bans VALUES ('sshd', '192.0.2.1', 200, -2, 1, '{}')");
    assertThat(Fail2banDatabase.read(file))
        .containsExactly(row("192.0.2.1", 200, OptionalLong.empty()));
  }

  @Test
  void whatIsBannedMayBeNoAddress() throws Exception {
    Sqlite.run(
        file,
        Sqlite.BANS,
        Sqlite.BIPS,
        "INSERT INTO bans VALUES ('sshd', 'session 7', 200, 600, 1, '{}')");
    assertThat(Fail2banDatabase.read(file).get(0).address()).isEmpty();
  }

  @Test
  void whatIsNoDatabaseIsToldByItsName() throws Exception {
    Files.writeString(file, "no database, though it is long enough to have a header");
    assertThatThrownBy(() -> Fail2banDatabase.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(file + ": can't be read as fail2ban's database: ");
    Sqlite.run(folder.resolve("other"), "CREATE TABLE people(name TEXT)");
    assertThatThrownBy(() -> Fail2banDatabase.read(folder.resolve("other")))
        .hasMessageContaining("no such table: bans");
    assertThatThrownBy(() -> Fail2banDatabase.read(folder.resolve("missing")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(folder.resolve("missing")).doesNotExist();
  }

  private static Row row(String address, long from, OptionalLong bantime) {
    Optional<Address> parsed = Optional.of(Address.parse(address));
    return new Row("sshd", parsed, Instant.ofEpochSecond(from), bantime);
  }
}
