package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class IpsetScriptTest {
  private static final Instant NOW = Instant.parse("2026-11-25T05:00:00Z");
  private static final Set<Family> BOTH = EnumSet.allOf(Family.class);
  private static final Kernel NOTHING = new Kernel(new TreeMap<>());

  private final Table table = new Table("relay1");

  private Desired desired() {
    return Desired.of(table, new NeverBanned(List.of()), NOW);
  }

  private void ban(String address, Instant until) {
    table.ban(new DecisionKey(Address.parse(address), "manual", DecisionKey.FLEET), until);
  }

  private List<String> fill(String saved) {
    return IpsetScript.fill(desired(), Kernel.parse(saved, NOW), BOTH, NOW).stream()
        .map(IpsetScript.Line::text)
        .toList();
  }

  @Test
  void setsAreMadeWithTheirEntriesAndTheSecondsLeftRoundedUp() {
    ban("192.0.2.1", NOW.plusMillis(59_001));
    ban("2001:db8::/64", Change.FOR_EVER);
    assertThat(fill(""))
        .containsExactly(
            "create -exist banstream-4-manual hash:net family inet hashsize 1024 maxelem 1048576"
                + " timeout 0",
            "add -exist banstream-4-manual 192.0.2.1 timeout 60",
            "create -exist banstream-6-manual hash:net family inet6 hashsize 1024 maxelem 1048576"
                + " timeout 0",
            "add -exist banstream-6-manual 2001:db8::/64 timeout 0");
  }

  @Test
  void onlyWhatDiffersIsChangedInASetThatIsThere() {
    ban("192.0.2.1", NOW.plusSeconds(60));
    ban("192.0.2.2", NOW.plusSeconds(60));
    ban("192.0.2.3", NOW.plusSeconds(60));
    assertThat(
            fill(
                """
                create banstream-4-manual hash:net family inet hashsize 1024 maxelem 1048576 timeout 0
                add banstream-4-manual 192.0.2.1 timeout 59
                add banstream-4-manual 192.0.2.2 timeout 9
                add banstream-4-manual 192.0.2.4 timeout 9
                create banstream-6-manual hash:net family inet6 hashsize 1024 maxelem 1048576 timeout 0
                create f2b-sshd hash:ip family inet hashsize 1024 maxelem 65536 timeout 0
                """))
        .containsExactlyInAnyOrder(
            "del -exist banstream-4-manual 192.0.2.4",
            "add -exist banstream-4-manual 192.0.2.2 timeout 60",
            "add -exist banstream-4-manual 192.0.2.3 timeout 60");
  }

  @Test
  void aSetThatIsTooSmallIsBuiltBesideAndSwapped() {
    ban("192.0.2.1", NOW.plusSeconds(60));
    ban("192.0.2.2", NOW.plusSeconds(60));
    List<String> lines =
        fill(
            """
            create banstream-4-manual hash:net family inet hashsize 64 maxelem 1 timeout 0
            add banstream-4-manual 192.0.2.1 timeout 60
            create banstream-6-manual hash:net family inet6 hashsize 64 maxelem 1 timeout 0
            """);
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0)).startsWith("create -exist banstream-swap hash:net family inet ");
    assertThat(lines.subList(3, 5))
        .containsExactly("swap banstream-swap banstream-4-manual", "destroy banstream-swap");
  }

  @Test
  void longBansGetTheKernelsMaximumAndAreRefreshedAtHalfTime() {
    ban("192.0.2.1", NOW.plusSeconds(3 * Change.MAX_TIMEOUT_SECONDS));
    String set =
        "create banstream-%s-manual hash:net family %s hashsize 1024 maxelem 1048576 timeout 0\n";
    String sets = set.formatted("4", "inet") + set.formatted("6", "inet6");
    assertThat(fill(sets))
        .containsExactly("add -exist banstream-4-manual 192.0.2.1 timeout 2147483");
    assertThat(fill(sets + "add banstream-4-manual 192.0.2.1 timeout 1500000")).isEmpty();
    assertThat(fill(sets + "add banstream-4-manual 192.0.2.1 timeout 1000000")).hasSize(1);
  }

  @Test
  void setsOfJailsThatWentAreDestroyedAndOthersNot() {
    Kernel kernel =
        Kernel.parse(
            """
            create banstream-4-gone hash:net family inet hashsize 1024 maxelem 1048576 timeout 0
            create banstream-4-manual hash:net family inet hashsize 1024 maxelem 1048576 timeout 0
            create f2b-sshd hash:ip family inet hashsize 1024 maxelem 65536 timeout 0
            """,
            NOW);
    assertThat(IpsetScript.clear(desired(), kernel, BOTH))
        .extracting(IpsetScript.Line::text)
        .containsExactly("destroy banstream-4-gone");
    assertThat(IpsetScript.clear(desired(), NOTHING, BOTH)).isEmpty();
  }
}
