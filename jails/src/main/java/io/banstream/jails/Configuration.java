package io.banstream.jails;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A fail2ban configuration, read.
 *
 * @param jails the enabled ones, in the order of their names' first appearance
 * @param notices what the reader is to be told, in the order it was found
 * @param settings what fail2ban.conf says of the whole
 */
public record Configuration(List<Jail> jails, List<Notice> notices, Settings settings) {
  public Configuration {
    jails = List.copyOf(jails);
    notices = List.copyOf(notices);
    Objects.requireNonNull(settings);
  }

  /**
   * Reads a folder such as /etc/fail2ban. Where it has no {@code .conf} files of its own, our
   * built-in jails, filters and actions of the same names stand beneath its {@code .local} files.
   *
   * @throws ConfigurationException if it can't be put in force
   */
  public static Configuration read(Path dir) throws ConfigurationException {
    return new ConfigurationReader(dir).read();
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
}
