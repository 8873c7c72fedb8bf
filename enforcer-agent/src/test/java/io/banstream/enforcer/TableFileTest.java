package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFileTest {
  /** The text on disk is frozen: it changes with its version, on purpose. */
  private static final String TEXT =
      """
      banstream enforcer table 2
      host relay1
      position 0 1234
      jail counts-only
      jail sasl
      closure sasl tcp INPUT 25,6000:6010 DROP
      closure sasl all FORWARD * REJECT --reject-with icmp-port-unreachable
      cut sasl
      allow example.net - 192.0.2.8 192.0.2.9
      peer relay2 1790000000000 198.51.100.2
      ban 192.0.2.7 sasl * 1790000000123
      ban 2001:db8::/64 manual relay1 -
      """;

  private static final String CHECKSUM = "crc32c b332cb40\n";

  @TempDir Path folder;

  private static Table table() {
    Table table = new Table("relay1");
    table.position(0, 1234);
    table.jail(
        "sasl",
        List.of(
            IptablesScriptTest.closure("25,6000:6010", "tcp", "INPUT", "DROP"),
            IptablesScriptTest.closure(
                "", "all", "FORWARD", "REJECT --reject-with icmp-port-unreachable")));
    table.jail("counts-only", List.of());
    table.cut("sasl", true);
    table.allow(
        "example.net",
        new Table.Allowed(
            Change.FOR_EVER, List.of(Address.parse("192.0.2.8"), Address.parse("192.0.2.9"))));
    table.peer(
        "relay2",
        new Table.Peer(
            Instant.ofEpochMilli(1_790_000_000_000L), List.of(Address.parse("198.51.100.2"))));
    table.ban(
        new DecisionKey(Address.parse("192.0.2.7"), "sasl", "*"),
        Instant.ofEpochMilli(1_790_000_000_123L));
    table.ban(new DecisionKey(Address.parse("2001:db8::/64"), "manual", "relay1"), Change.FOR_EVER);
    return table;
  }

  @Test
  void theTextIsAsFrozen() throws Exception {
    new TableFile(folder).write(table());
    assertThat(folder.resolve("table")).hasContent(TEXT + CHECKSUM);
  }

  @Test
  void whatWasWrittenIsReadAgainAndOnlyTheOwnerMay() throws Exception {
    TableFile file = new TableFile(folder);
    file.write(table());
    file.write(file.read("relay1"));
    assertThat(folder.resolve("table")).hasContent(TEXT + CHECKSUM);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("table"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aDamagedTableIsEmptyAndSoIsAnotherHosts() throws Exception {
    TableFile file = new TableFile(folder);
    Files.writeString(folder.resolve("table"), TEXT.replace("192.0.2.7", "192.0.2.6") + CHECKSUM);
    assertThat(file.read("relay1").bans("*")).isEmpty();
    Files.writeString(folder.resolve("table"), TEXT + CHECKSUM);
    assertThat(file.read("relay9").bans("*")).isEmpty();
  }

  @Test
  void aTableOfTheVersionBeforeIsRead() throws Exception {
    String before = TEXT.replace("table 2\n", "table 1\n").replace("cut sasl\n", "");
    Files.writeString(folder.resolve("table"), before + "crc32c 154b12a0\n");
    Table table = new TableFile(folder).read("relay1");
    assertThat(table.bans("*")).hasSize(1);
    assertThat(table.cutting()).isEmpty();
  }

  @Test
  void anotherVersionIsRefusedByName() throws Exception {
    Files.writeString(folder.resolve("table"), "banstream enforcer table 3\n");
    assertThatThrownBy(() -> new TableFile(folder).read("relay1"))
        .isInstanceOf(EnforcerException.class)
        .hasMessage(folder.resolve("table") + ": version = 3, expected at most 2");
  }
}
