package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.jails.Jail;
import io.banstream.schemas.Address;
import io.banstream.schemas.AddressPartitioner;
import io.banstream.schemas.AllowOrder;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.BanOrder;
import io.banstream.schemas.Command;
import io.banstream.schemas.JailRecord;
import io.banstream.schemas.PolicyMarker;
import io.banstream.schemas.PolicyRecord;
import io.banstream.schemas.UnbanOrder;
import io.banstream.testkit.TestBroker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class OperatorIT {
  private static TestBroker broker;
  private Fleet fleet;
  private Operator operator;

  @BeforeAll
  static void startBroker() {
    broker = TestBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void open(TestInfo test) {
    fleet = new Fleet(broker, test.getTestMethod().orElseThrow().getName() + ".");
    operator = Operator.open(fleet.kafka, InstantSource.fixed(Samples.NOW));
  }

  @AfterEach
  void close() {
    operator.close();
    fleet.close();
  }

  @Test
  void aBanGoesToThePartitionOfItsAddress() {
    operator.ban(
        BanRequest.manual(
            Address.parse("192.0.2.9"), Optional.of(Duration.ofHours(4)), Optional.of("spam")),
        "root");
    var record = fleet.records(fleet.kafka.topics().commands()).get(0);
    assertThat(record.key()).isEqualTo("192.0.2.9");
    assertThat(record.partition())
        .isEqualTo(AddressPartitioner.partition("192.0.2.9", Fleet.PARTITIONS));
    assertThat(fleet.value(record, Command.class))
        .isEqualTo(
            new Command(
                Samples.NOW,
                "root",
                "spam",
                new BanOrder("192.0.2.9", "manual", Samples.NOW.plusSeconds(14_400), null)));
  }

  @Test
  void anUnbanNamesTheBannedPrefixAroundTheAddress() {
    Address banned = Address.parse("2001:db8:1::/64");
    List<Address> lifted =
        operator.unban(
            Address.parse("2001:db8:1::5"),
            List.of(banned, Address.parse("2001:db8:2::/64")),
            List.of(64, 128),
            Optional.empty(),
            false,
            Optional.empty(),
            "root");
    assertThat(lifted).containsExactly(banned);
    assertThat(fleet.read(fleet.kafka.topics().commands(), Command.class))
        .extracting(c -> ((UnbanOrder) c.getOrder()).getAddress())
        .containsExactlyInAnyOrder("2001:db8:1::/64", "2001:db8:1::5");
  }

  @Test
  void anAllowIsToldToEveryPartitionAndKept() {
    AllowRecord allow =
        operator.allow(
            new AllowRequest("localhost", Optional.empty(), Optional.empty(), false), "root");
    assertThat(allow.getAddresses()).contains("127.0.0.1");
    var commands = fleet.records(fleet.kafka.topics().commands());
    assertThat(commands).extracting(r -> r.partition()).containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(fleet.value(commands.get(0), Command.class).getOrder())
        .isEqualTo(new AllowOrder(allow));
    assertThat(fleet.read(fleet.kafka.topics().allows(), AllowRecord.class)).containsExactly(allow);

    operator.disallow("LOCALHOST", Optional.empty(), "root");
    var last = fleet.records(fleet.kafka.topics().allows()).get(1);
    assertThat(last.key()).isEqualTo("localhost");
    assertThat(last.value()).isNull();
  }

  @Test
  void aPushMarksEveryPartitionAndWritesTheGroupsJails() {
    PushReport report =
        operator.push("a", List.of(Samples.jail("sshd", 600), Samples.jail("dovecot", 600)), false);
    assertThat(report)
        .isEqualTo(
            new PushReport(
                1, List.of("dovecot", "sshd"), List.of(), List.of(), List.of(), List.of()));
    assertThat(markers()).hasSize(Fleet.PARTITIONS);
    assertThat(markers().values())
        .allSatisfy(
            m -> {
              assertThat(m.getVersion()).isEqualTo(1);
              assertThat(m.getPolicies())
                  .extracting(PolicyRecord::getJail)
                  .containsExactly("dovecot", "sshd");
            });
    assertThat(fleet.records(fleet.kafka.topics().jails()))
        .extracting(r -> r.key())
        .containsExactly("a dovecot", "a sshd");
  }

  @Test
  void theSamePushAgainWritesNothing() {
    List<Jail> jails = List.of(Samples.jail("sshd", 600));
    operator.push("a", jails, false);
    PushReport again = operator.push("a", jails, false);
    assertThat(again)
        .isEqualTo(new PushReport(1, List.of(), List.of(), List.of(), List.of(), List.of()));
    assertThat(fleet.records(fleet.kafka.topics().commands())).hasSize(Fleet.PARTITIONS);
    assertThat(fleet.records(fleet.kafka.topics().jails())).hasSize(1);
  }

  @Test
  void theSamePushAgainTellsHowManyPartitionsThereAreNow() throws Exception {
    List<Jail> jails = List.of(Samples.jail("sshd", 600));
    operator.push("a", jails, false);
    String commands = fleet.kafka.topics().commands();
    try (Admin admin = Admin.create(fleet.kafka.with(Map.of()))) {
      admin.createPartitions(Map.of(commands, NewPartitions.increaseTo(6))).all().get();
    }
    assertThat(markers().values())
        .extracting(PolicyMarker::getPartitions)
        .containsOnly(Fleet.PARTITIONS);
    assertThat(operator.push("a", jails, false).version()).isEqualTo(2);
    assertThat(markers()).hasSize(6);
    assertThat(markers().values()).extracting(PolicyMarker::getPartitions).containsOnly(6);
  }

  @Test
  void recordsThatCannotBeReadStandInNobodysWay() {
    fleet.garbled(fleet.kafka.topics().jails(), "a sshd");
    fleet.garbled(fleet.kafka.topics().commands(), "x");
    List<Jail> jails = List.of(Samples.jail("sshd", 600));
    assertThat(operator.push("a", jails, false).added()).containsExactly("sshd");
    PushReport again = operator.push("a", jails, false);
    assertThat(again.added()).isEmpty();
    assertThat(again.changed()).isEmpty();
  }

  @Test
  void theFleetsPolicyIsKeptAndTheDifferenceTold() {
    operator.push("a", List.of(Samples.jail("sshd", 3600, "192.0.2.1")), false);
    PushReport report =
        operator.push("b", List.of(Samples.jail("sshd", 144_000, "192.0.2.2")), false);
    assertThat(report.differences())
        .containsExactly(
            new PolicyDifference("sshd", "bantime", "3600", "144000", true),
            new PolicyDifference("sshd", "ignoreip", "192.0.2.1", "192.0.2.2", true));
    assertThat(policies("sshd")).containsOnlyKeys("a", "b");
    assertThat(policies("sshd").values())
        .allSatisfy(
            p -> {
              assertThat(p.getBantimeMs()).isEqualTo(3_600_000);
              assertThat(p.getIgnoreip()).containsExactly("192.0.2.1", "192.0.2.2");
            });
  }

  @Test
  void aPolicyThatIsToRuleReachesTheOtherGroups() {
    operator.push("a", List.of(Samples.jail("sshd", 3600)), false);
    operator.push("b", List.of(Samples.jail("sshd", 3600)), false);
    PushReport report = operator.push("b", List.of(Samples.jail("sshd", 144_000)), true);
    assertThat(report.changed()).containsExactly("sshd");
    assertThat(report.differences())
        .containsExactly(new PolicyDifference("sshd", "bantime", "3600", "144000", false));
    assertThat(policies("sshd").get("a").getBantimeMs()).isEqualTo(144_000_000);
    assertThat(markers().values())
        .allSatisfy(m -> assertThat(m.getPolicies().get(0).getBantimeMs()).isEqualTo(144_000_000));
  }

  @Test
  void aGroupThatHasAJailAloneMayChangeItsPolicy() {
    operator.push("a", List.of(Samples.jail("sshd", 3600)), false);
    PushReport report = operator.push("a", List.of(Samples.jail("sshd", 60)), false);
    assertThat(report.version()).isEqualTo(2);
    assertThat(report.differences())
        .containsExactly(new PolicyDifference("sshd", "bantime", "3600", "60", false));
    assertThat(policies("sshd").get("a").getBantimeMs()).isEqualTo(60_000);
  }

  @Test
  void aJailThatNoGroupHasAnyMoreIsWithdrawn() {
    operator.push("a", List.of(Samples.jail("sshd", 600), Samples.jail("dovecot", 600)), false);
    operator.push("b", List.of(Samples.jail("dovecot", 600)), false);
    PushReport report = operator.push("a", List.of(), false);
    assertThat(report.withdrawn()).containsExactly("sshd");
    assertThat(report.left()).containsExactly("dovecot");
    assertThat(markers().values())
        .allSatisfy(
            m ->
                assertThat(m.getPolicies())
                    .extracting(PolicyRecord::getJail)
                    .containsExactly("dovecot"));
    assertThat(policies("sshd")).isEmpty();
    assertThat(policies("dovecot")).containsOnlyKeys("b");
  }

  @Test
  void ofPushesAtOneTimeTheLastIsWhole() {
    List<CompletableFuture<Boolean>> pushes =
        List.of(600, 700, 800, 900).stream()
            .map(
                bantime ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            operator.push("a", List.of(Samples.jail("sshd", bantime)), false);
                            return true;
                          } catch (ConsoleException e) {
                            assertThat(e).hasMessageContaining("another push");
                            return false;
                          }
                        }))
            .toList();
    assertThat(pushes.stream().map(CompletableFuture::join).toList()).contains(true);
    assertThat(markers().values())
        .allSatisfy(m -> assertThat(m.getPolicies()).containsExactly(policies("sshd").get("a")));
  }

  @Test
  void aReservedNameAndANameTwiceAreRefused() {
    Jail jail = Samples.jail("sshd", 600);
    assertThatThrownBy(() -> operator.push("a", List.of(jail, jail), false))
        .hasMessage("jail sshd: pushed twice");
    assertThatThrownBy(() -> operator.push("a", List.of(Samples.jail("manual", 600)), false))
        .hasMessageContaining("jail manual: ");
  }

  private Map<Integer, PolicyMarker> markers() {
    Map<Integer, PolicyMarker> newest = new TreeMap<>();
    fleet
        .records(fleet.kafka.topics().commands())
        .forEach(
            r -> {
              if (fleet.value(r, Command.class).getOrder() instanceof PolicyMarker m) {
                newest.put(r.partition(), m);
              }
            });
    return newest;
  }

  private Map<String, PolicyRecord> policies(String jail) {
    Map<String, PolicyRecord> byKey = new TreeMap<>();
    fleet
        .records(fleet.kafka.topics().jails())
        .forEach(
            r -> {
              String[] key = r.key().split(" ");
              if (key[1].equals(jail)) {
                if (r.value() == null) {
                  byKey.remove(key[0]);
                } else {
                  byKey.put(key[0], fleet.value(r, JailRecord.class).getPolicy());
                }
              }
            });
    return byKey;
  }
}
