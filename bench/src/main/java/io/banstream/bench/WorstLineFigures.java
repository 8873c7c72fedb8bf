package io.banstream.bench;

import io.banstream.jails.FilterDefinition;
import io.banstream.jails.FilterSet;
import io.banstream.jails.LineMatcher;
import io.banstream.jails.MatchSettings;
import io.banstream.jails.TooManySteps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a line costs at most: expressions that backtrack without end, on lines made for them. */
final class WorstLineFigures {
  private static final int TIMES = 200;

  /** Expression, and what its line repeats how often. */
  private record Case(String failregex, String part, int times) {}

  private static final Map<String, Case> CASES = new LinkedHashMap<>();

  static {
    CASES.put("nested quantifiers", new Case("^ (?:a+)+$ <HOST>", "a", 60));
    CASES.put("overlapping alternatives", new Case("^ (?:a|aa)+$ <HOST>", "a", 60));
    CASES.put("nested, with a back reference", new Case("^ (a*)*b\\1 <HOST>", "a", 300));
    CASES.put("lazy in a counted group", new Case("(?:.*?,){12}bad! <HOST>", "bad 1,", 60));
    CASES.put("a chain of .*, 64 KiB", new Case("bad .*x.*y.*z.*! <HOST>", "bad xyz", 9000));
    CASES.put("no anchor, 64 KiB", new Case("\\S+ \\S+ \\S+ bad!<HOST>$", "bad ", 16_000));
    CASES.put("no date and no match, 64 KiB", new Case("bad-<HOST>", "bad- ", 13_000));
    CASES.put("recursion, 64 KiB", new Case("^ (?:a|bad)*<HOST>!$", "bad", 21_000));
  }

  private WorstLineFigures() {}

  static void print() throws IOException {
    System.out.printf("worst lines: processor time, %d times each, after a warm-up%n", TIMES);
    for (Map.Entry<String, Case> entry : CASES.entrySet()) {
      print(entry.getKey(), entry.getValue());
    }
  }

  private static void print(String name, Case it) throws IOException {
    FilterDefinition filter =
        new FilterDefinition(
            "worst",
            Optional.empty(),
            List.of(it.failregex),
            List.of(),
            Optional.empty(),
            1,
            List.of(),
            List.of());
    MatchSettings settings = new MatchSettings(ZoneOffset.UTC, "auto");
    FilterSet set = new FilterSet(List.of(LineMatcher.compile(filter, settings)));
    String date = name.startsWith("no date") ? "" : "Nov 25 03:31:46 ";
    byte[] line = (date + it.part.repeat(it.times) + "!").getBytes(StandardCharsets.UTF_8);
    Instant now = Instant.now();
    double[] millis = new double[TIMES];
    long givenUp = 0;
    for (int i = -TIMES; i < TIMES; i++) {
      CpuTime taken = CpuTime.of(() -> givenUp(set, line, now));
      if (i >= 0) {
        millis[i] = taken.seconds() * 1e3;
        givenUp += taken.found();
      }
    }
    Arrays.sort(millis);
    System.out.printf(
        "  %-30s ms: p50 %.2f, max %.2f  %s%n",
        name, millis[TIMES / 2], millis[TIMES - 1], givenUp == TIMES ? "given up" : "done");
  }

  private static long givenUp(FilterSet set, byte[] line, Instant now) {
    long[] givenUp = new long[1];
    set.scan(
        line,
        0,
        line.length,
        l -> {
          try {
            l.match(0, now);
          } catch (TooManySteps e) {
            givenUp[0]++;
          }
        });
    return givenUp[0];
  }
}
