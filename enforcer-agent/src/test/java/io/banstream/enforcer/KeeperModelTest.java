package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import io.banstream.testkit.Shrink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random decisions, allows, jails, restarts and passing time against a naive model: at every moment
 * the kernel holds exactly what the model says. The model knows no tables, changes or sets.
 */
class KeeperModelTest {
  @TempDir static Path folder;

  private static final Cutter NONE_CUT = new Cutter(List.of(), Optional.empty());

  private static final Instant START = Instant.parse("2026-11-25T05:00:00Z");
  private static final List<String> ADDRESSES =
      List.of("192.0.2.1", "192.0.2.2", "192.0.2.0/30", "198.51.100.9", "2001:db8::1");
  private static final List<String> JAILS = List.of("sasl", "manual", "other");
  private static final List<String> REACHES = List.of("*", "relay1", "relay2");
  private static final int RUNS = 400;
  private static final int STEPS = 40;
  private static final int TAKES = 3;

  /** What happens, by numbers, so that a failing list reads and shrinks. */
  private record Step(String what, int address, int jail, int reach, int seconds) {}

  private static List<Step> random(Random random) {
    List<String> whats =
        List.of(
            "ban",
            "ban",
            "ban",
            "unban",
            "pass",
            "allow",
            "disallow",
            "push",
            "withdraw",
            "restart",
            "meddle",
            "compare",
            "flood");
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      steps.add(
          new Step(
              whats.get(random.nextInt(whats.size())),
              random.nextInt(ADDRESSES.size()),
              random.nextInt(JAILS.size()),
              random.nextInt(REACHES.size()),
              random.nextInt(60) - 5));
    }
    return steps;
  }

  /** The naive model: the newest word on each key, asked anew each time. */
  private static final class Model {
    private final Map<String, Instant> words = new HashMap<>();
    private final Set<String> jails = new TreeSet<>(Set.of("manual"));
    private final Set<String> allowed = new TreeSet<>();

    Map<String, Instant> kernel(Instant now) {
      Map<String, Instant> kernel = new TreeMap<>();
      words.forEach(
          (key, until) -> {
            String[] parts = key.split(" ");
            boolean here = !parts[2].equals("relay2") && jails.contains(parts[1]);
            if (here && until.isAfter(now) && allowed.stream().noneMatch(a -> meet(a, parts[0]))) {
              kernel.merge(parts[1] + " " + parts[0], until, (a, b) -> a.isAfter(b) ? a : b);
            }
          });
      return kernel;
    }

    /** Of the addresses above only these two lie in that network. */
    private static boolean meet(String one, String other) {
      Set<String> both = new TreeSet<>(List.of(one, other));
      return one.equals(other)
          || both.contains("192.0.2.0/30")
              && (both.contains("192.0.2.1") || both.contains("192.0.2.2"));
    }
  }

  /** What was told of the bans in the kernel, each once: that of a run before it again. */
  private static final class Heard implements BanWitness {
    private final Set<Entry> bans = new HashSet<>();
    private final Set<Entry> before = new HashSet<>();
    private boolean wrong;

    void begin() {
      before.clear();
      before.addAll(bans);
      bans.clear();
    }

    @Override
    public void banned(Entry entry, Instant until, boolean again) {
      wrong |= !bans.add(entry) || again != before.remove(entry);
    }

    @Override
    public void unbanned(Entry entry) {
      wrong |= !bans.remove(entry);
    }
  }

  private static Table keptOnDisk(Table table) {
    try (OutputStream out = Files.newOutputStream(folder.resolve("table"))) {
      TableFile.write(table, out);
      return new TableFile(folder).read("relay1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Plays the steps; the first difference between kernel and model, or nothing. */
  private static String play(List<Step> steps) {
    Model model = new Model();
    Instant now = START;
    DryRunFirewall firewall = new DryRunFirewall(line -> {});
    Table table = new Table("relay1");
    Heard heard = new Heard();
    Keeper keeper = new Keeper(firewall, table, List.of(), List.of(heard), NONE_CUT, now);
    keeper.restore(now);
    for (Step step : steps) {
      String address = ADDRESSES.get(step.address());
      String jail = JAILS.get(step.jail());
      DecisionKey key = new DecisionKey(Address.parse(address), jail, REACHES.get(step.reach()));
      Touched touched = new Touched();
      switch (step.what()) {
        case "ban" -> {
          table.ban(key, now.plusSeconds(step.seconds()));
          model.words.put(key.toString(), now.plusSeconds(step.seconds()));
          touched.entry(new Entry(jail, key.address()));
        }
        case "unban" -> {
          table.unban(key);
          model.words.remove(key.toString());
          touched.entry(new Entry(jail, key.address()));
        }
        case "pass" -> now = now.plusSeconds(Math.max(0, step.seconds()));
        case "allow" -> {
          table.allow(address, new Table.Allowed(Change.FOR_EVER, List.of(key.address())));
          model.allowed.add(address);
          touched.exempt();
        }
        case "disallow" -> {
          table.disallow(address);
          model.allowed.remove(address);
          touched.exempt();
        }
        case "push" -> {
          if (table.jail(jail, List.of(FirewallContract.SMTP))) {
            touched.jails();
          }
          model.jails.add(jail);
        }
        case "withdraw" -> {
          if (table.withdraw(jail)) {
            touched.jails();
            model.jails.remove(jail);
          }
        }
        case "restart" -> {
          table = keptOnDisk(table);
          heard.begin();
          keeper = new Keeper(firewall, table, List.of(), List.of(heard), NONE_CUT, now);
        }
        case "meddle" -> {
          Entry entry = new Entry("manual", key.address());
          firewall.apply(List.of(new Change.Take(entry)), now);
          keeper.compare(now);
        }
        case "flood" -> {
          for (int take = 0; take < TAKES; take++) {
            Touched many = new Touched();
            for (int i = 0; i <= Firewall.MANY; i++) {
              Address one = Address.parse("2001:db8:f::" + Integer.toHexString(i));
              DecisionKey each = new DecisionKey(one, jail, REACHES.get(step.reach()));
              if ((i + take + step.address()) % 3 == 0) {
                table.unban(each);
                model.words.remove(each.toString());
              } else {
                table.ban(each, now.plusSeconds(step.seconds() + take));
                model.words.put(each.toString(), now.plusSeconds(step.seconds() + take));
              }
              many.entry(new Entry(jail, one));
            }
            keeper.take(many, now);
          }
        }
        default -> keeper.compare(now);
      }
      keeper.take(touched, now);
      keeper.restore(now);
      keeper.expire(now);
      String difference = difference(model.kernel(now), firewall.read(now), now);
      if (!difference.isEmpty()) {
        return "after " + step + ": " + difference;
      }
      if (!heard.bans.equals(firewall.read(now).entries(JAILS).keySet()) || heard.wrong) {
        return "after " + step + ": heard " + heard.bans + (heard.wrong ? ", one wrongly" : "");
      }
    }
    return "";
  }

  /** Ends may be off by the seconds that the kernel rounds and the enforcer tolerates. */
  private static String difference(Map<String, Instant> expected, Kernel kernel, Instant now) {
    Map<String, Instant> held = new TreeMap<>();
    kernel
        .entries(JAILS)
        .forEach((entry, until) -> held.put(entry.jail() + " " + entry.address(), until));
    boolean same =
        held.keySet().equals(expected.keySet())
            && held.entrySet().stream()
                .allMatch(
                    e ->
                        Duration.between(e.getValue(), expected.get(e.getKey())).abs().toSeconds()
                            <= 2);
    return same ? "" : "at " + now + " expected " + expected + " but held " + held;
  }

  @ParameterizedTest
  @ValueSource(longs = {20261125, 4, 777})
  void theKernelIsAlwaysAsTheModelSays(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      List<Step> steps = random(random);
      if (!play(steps).isEmpty()) {
        List<Step> shortest = Shrink.failing(steps, s -> !play(s).isEmpty());
        assertThat(play(shortest)).as("seed %d, run %d: %s", seed, run, shortest).isEmpty();
      }
    }
  }

  @Test
  void theComparisonSeesAnEntryThatIsMissing() {
    Model model = new Model();
    model.words.put("192.0.2.1 manual *", START.plusSeconds(9));
    assertThat(difference(model.kernel(START), new Kernel(new TreeMap<>()), START)).isNotEmpty();
  }
}
