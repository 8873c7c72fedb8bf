package io.banstream.jails;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A fail2ban configuration, read.
 *
 * @param jails the enabled ones, in the order of their names' first appearance
 * @param resolved the same in fail2ban's words
 * @param notices what the reader is to be told, in the order it was found
 * @param settings what fail2ban.conf says of the whole
 */
public record Configuration(
    List<Jail> jails, List<ResolvedJail> resolved, List<Notice> notices, Settings settings) {
  public Configuration {
    jails = List.copyOf(jails);
    resolved = List.copyOf(resolved);
    notices = List.copyOf(notices);
    Objects.requireNonNull(settings);
  }

  /**
   * Reads a folder such as /etc/fail2ban. Where it has no {@code .conf} files of its own, our
   * built-in jails, filters and actions of the same names stand beneath its {@code .local} files.
   *
   * <p>Asks this host's name service for the names in {@code ignoreip}.
   *
   * @throws ConfigurationException if it can't be put in force
   */
  public static Configuration read(Path dir) throws ConfigurationException {
    return read(dir, HostNames.SYSTEM);
  }

  /**
   * As {@link #read(Path)}.
   *
   * @param names asked for the names in {@code ignoreip}
   */
  public static Configuration read(Path dir, HostNames names) throws ConfigurationException {
    return new ConfigurationReader(dir).read(names, List.of());
  }

  /**
   * As {@link #read(Path)}, some values of policies others than the files'.
   *
   * @param over the later ones hold
   * @throws ConfigurationException also if one is of a jail that there is not
   */
  public static Configuration read(Path dir, List<JailSetting> over) throws ConfigurationException {
    return new ConfigurationReader(dir).read(HostNames.SYSTEM, over);
  }

  /**
   * One filter, as {@code name[option="value", ...]} names it.
   *
   * @param dir a configuration folder; may lack filter.d
   * @throws ConfigurationException if there is no such filter, or it can't be used
   */
  public static FilterDefinition filter(Path dir, String spec) throws ConfigurationException {
    return filter(dir, spec, false);
  }

  /**
   * As {@link #filter(Path, String)}.
   *
   * @param journal whether it is for lines of the journal, whose head is another
   */
  public static FilterDefinition filter(Path dir, String spec, boolean journal)
      throws ConfigurationException {
    return new ConfigurationReader(dir).filter(spec, journal);
  }

  /**
   * A filter that the command line makes: one of the folder's, some of its values others, or of
   * those values alone.
   *
   * @param dir empty: our built-in filters
   * @param spec as {@link #filter(Path, String)} has it; empty: the given values are all
   * @param given by the filter's keys, of several values one a line; messages name them as options
   * @param journal whether it is for lines of the journal, whose head is another
   * @throws ConfigurationException if there is no such filter, or it can't be used
   */
  public static FilterDefinition filter(
      Optional<Path> dir, Optional<String> spec, Map<String, String> given, boolean journal)
      throws ConfigurationException {
    Optional<FilterReader.Reading> under = Optional.empty();
    if (spec.isPresent()) {
      ConfigurationFolder folder =
          dir.isPresent() ? new ConfigurationFolder(dir.get()) : ConfigurationFolder.builtIn();
      FilterReader reader = new FilterReader(new IniReader(folder));
      under = Optional.of(FilterReader.alone(reader.source("--filter", spec.get(), journal)));
    }
    return FilterReader.requireFailregex(FilterReader.definition(FilterReader.over(under, given)));
  }
}
