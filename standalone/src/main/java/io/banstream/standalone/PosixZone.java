package io.banstream.standalone;

import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneOffsetTransitionRule;
import java.time.zone.ZoneOffsetTransitionRule.TimeDefinition;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesProvider;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time zone as POSIX.1's TZ has it: {@code CET-1CEST,M3.5.0,M10.5.0/3}, with rules of the form
 * Mm.w.d; without rules, those of Europe. Java takes rules of one's own only from a provider.
 */
final class PosixZone extends ZoneRulesProvider {
  private static final String NAME = "(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]+>)";
  private static final String RULE = "M(\\d{1,2})\\.([1-5])\\.([0-6])(?:/(\\d{1,2}))?";
  private static final Pattern FORM =
      Pattern.compile(
          NAME
              + "(?<winter>[+-]?\\d{1,2}(?::\\d{2})?)"
              + ("(?<name>" + NAME + ")?(?<summer>[+-]?\\d{1,2}(?::\\d{2})?)?")
              + "(?<rules>,.*)?");
  private static final Pattern RULES = Pattern.compile("," + RULE + "," + RULE);
  private static final String EUROPE = ",M3.5.0/2,M10.5.0/3";
  private static final int LAST_WEEK = 5;
  private static final int HOUR = 3600;

  private final String id;
  private final ZoneRules rules;

  private PosixZone(String id, ZoneRules rules) {
    this.id = id;
    this.rules = rules;
  }

  /**
   * @throws IllegalArgumentException if the text is no such zone
   */
  static ZoneId parse(String text) {
    Matcher m = match(FORM, text);
    ZoneOffset winter = offset(m.group("winter"));
    if (m.group("name") == null) {
      return winter;
    }
    // An id is made of letters and digits, which the text is not.
    String id = "posix-" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    if (!ZoneId.getAvailableZoneIds().contains(id)) {
      ZoneOffset summer =
          m.group("summer") == null
              ? ZoneOffset.ofTotalSeconds(winter.getTotalSeconds() + HOUR)
              : offset(m.group("summer"));
      Matcher rules = match(RULES, m.group("rules") == null ? EUROPE : m.group("rules"));
      registerProvider(
          new PosixZone(
              id,
              rules(
                  winter,
                  rule(rules, 1, winter, winter, summer),
                  rule(rules, 5, winter, summer, winter))));
    }
    return ZoneId.of(id);
  }

  private static Matcher match(Pattern form, String text) {
    Matcher m = form.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no POSIX time zone");
    }
    return m;
  }

  /** POSIX counts westwards: CET-1 is an hour ahead of UTC. */
  private static ZoneOffset offset(String text) {
    String digits = text.replaceFirst("^[+-]", "");
    String[] parts = digits.split(":", 2);
    int seconds = Integer.parseInt(parts[0]) * HOUR;
    seconds += parts.length == 1 ? 0 : Integer.parseInt(parts[1]) * 60;
    return ZoneOffset.ofTotalSeconds(text.startsWith("-") ? seconds : -seconds);
  }

  private static ZoneOffsetTransitionRule rule(
      Matcher m, int group, ZoneOffset standard, ZoneOffset before, ZoneOffset after) {
    int week = Integer.parseInt(m.group(group + 1));
    int day = Integer.parseInt(m.group(group + 2));
    String hour = m.group(group + 3);
    return ZoneOffsetTransitionRule.of(
        Month.of(Integer.parseInt(m.group(group))),
        week == LAST_WEEK ? -1 : (week - 1) * 7 + 1,
        DayOfWeek.of(day == 0 ? 7 : day),
        LocalTime.of(hour == null ? 2 : Integer.parseInt(hour), 0),
        false,
        TimeDefinition.WALL,
        standard,
        before,
        after);
  }

  /** ZoneRules goes by lasting rules only past the last transition that it was told one by one. */
  private static ZoneRules rules(ZoneOffset winter, ZoneOffsetTransitionRule... changes) {
    List<ZoneOffsetTransition> told = new ArrayList<>();
    for (ZoneOffsetTransitionRule change : changes) {
      told.add(change.createTransition(1970));
    }
    told.sort(null);
    return ZoneRules.of(winter, told.get(0).getOffsetBefore(), List.of(), told, List.of(changes));
  }

  @Override
  protected Set<String> provideZoneIds() {
    return Set.of(id);
  }

  @Override
  protected ZoneRules provideRules(String zoneId, boolean forCaching) {
    return rules;
  }

  @Override
  protected NavigableMap<String, ZoneRules> provideVersions(String zoneId) {
    return new TreeMap<>(Map.of("posix", rules));
  }
}
