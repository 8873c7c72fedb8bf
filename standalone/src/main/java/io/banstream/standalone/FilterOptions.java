package io.banstream.standalone;

import io.banstream.jails.Configuration;
import io.banstream.jails.ConfigurationException;
import io.banstream.jails.FilterDefinition;
import io.banstream.jails.MatchSettings;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which filter is meant: one of filter.d, with some of its values others, or of these alone. */
final class FilterOptions {
  @Option(
      names = "--config",
      paramLabel = "DIR",
      description =
          "fail2ban's folder; our built-in filters stand beneath its own (default: these alone).")
  private Path config;

  @Option(
      names = "--filter",
      paramLabel = "NAME[OPTION=VALUE,...]",
      description = "As a jail's filter key names it.")
  private String filter;

  @Option(
      names = "--failregex",
      paramLabel = "REGEX",
      description = "In place of the filter's, or without any filter; may come several times.")
  private List<String> failregex;

  @Option(
      names = "--ignoreregex",
      paramLabel = "REGEX",
      description = "In place of the filter's; may come several times.")
  private List<String> ignoreregex;

  @Option(
      names = "--prefregex",
      paramLabel = "REGEX",
      description = "In place of the filter's; '': none.")
  private String prefregex;

  @Option(
      names = "--datepattern",
      paramLabel = "PATTERN",
      description = "In place of the filter's; '': every form that is known.")
  private String datepattern;

  @Option(
      names = "--maxlines",
      paramLabel = "NUMBER",
      description = "In place of the filter's: lines looked at together.")
  private String maxlines;

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "The log's character set (default: UTF-8).")
  private String encoding;

  /**
   * @param journal whether it is for lines of the journal, as fail2ban-regex takes its filter then
   * @throws IllegalArgumentException if no filter is named and no failregex
   */
  FilterDefinition definition(boolean journal) throws ConfigurationException {
    if (filter == null && failregex == null) {
      throw new IllegalArgumentException("expected --filter, --failregex or both");
    }
    Map<String, String> given = new LinkedHashMap<>();
    put(given, "failregex", failregex == null ? null : String.join("\n", failregex));
    put(given, "ignoreregex", ignoreregex == null ? null : String.join("\n", ignoreregex));
    put(given, "prefregex", prefregex);
    put(given, "datepattern", datepattern);
    put(given, "maxlines", maxlines);
    return Configuration.filter(
        Optional.ofNullable(config), Optional.ofNullable(filter), given, journal);
  }

  private static void put(Map<String, String> given, String key, String value) {
    if (value != null) {
      given.put(key, value);
    }
  }

  MatchSettings settings(ZoneId zone) {
    try {
      return new MatchSettings(zone, encoding);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--encoding = " + encoding + ", " + e.getMessage(), e);
    }
  }
}
