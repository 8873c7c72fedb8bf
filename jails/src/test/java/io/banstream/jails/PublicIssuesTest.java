package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.banstream.schemas.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people reported of fail2ban's configuration at github.com/fail2ban/fail2ban/issues. */
class PublicIssuesTest {
  private static final String MINE = "[mine]\nenabled = true\nlogpath = /var/log/mine\n";

  @TempDir Path dir;

  private void write(String file, String text) throws IOException {
    Path path = dir.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Configuration read(String jails) throws Exception {
    write("jail.local", jails);
    write("filter.d/mine.conf", "[Definition]\nfailregex = ^<HOST> was wrong$\n");
    return Configuration.read(dir, name -> List.of());
  }

  private String error(String jails) {
    return catchThrowableOfType(ConfigurationException.class, () -> read(jails)).getMessage();
  }

  private static List<String> told(Configuration configuration) {
    return configuration.notices().stream().map(Notice::toString).toList();
  }

  /** A list for all jails in jail.d, and one more address in jail.local: fail2ban refused it. */
  @Test
  void issue2988KnownMeansTheLayerBeforeInDefaultToo() throws Exception {
    write("jail.d/fleet.conf", "[DEFAULT]\nignoreip = 192.0.2.0/24\n");
    write("jail.d/more.local", "[DEFAULT]\nignoreip = %(known/ignoreip)s 203.0.113.1\n");
    Configuration read = read("[DEFAULT]\nignoreip = %(known/ignoreip)s 198.51.100.1\n" + MINE);
    assertThat(read.jails().get(0).policy().ignoreip())
        .extracting(Address::toString)
        .containsExactly("192.0.2.0/24", "198.51.100.1", "203.0.113.1");
  }

  /** {@code # test} behind a value: fail2ban took another value and hardly said so. */
  @Test
  void issues821And3090ACommentBehindAValueIsNamed() throws Exception {
    assertThat(error(MINE + "bantime = 18000 # 5h\n"))
        .isEqualTo(
            "jail.local:4: bantime = 18000 # 5h, '18000 # 5h' is no time, expected seconds or such"
                + " as 1d 12h; within a line only ; begins a comment");
    assertThat(error(MINE + "bantime.increment = true      # test\n"))
        .isEqualTo(
            "jail.local:4: bantime.increment = true      # test, expected true or false; within a"
                + " line only ; begins a comment");
  }

  /** A section [default] that nobody reads. */
  @Test
  void issue2633DefaultInLowerCaseIsTold() throws Exception {
    assertThat(told(read("[default]\nignoreip = 192.0.2.1\n" + MINE)))
        .containsExactly(
            "jail.local:2: [default] is the name of a jail; what holds for all stands in [DEFAULT]");
  }

  /** Words of a comment became names to ignore. */
  @Test
  void issues535And3722CommentsInIgnoreipAreLeftOut() throws Exception {
    Configuration read =
        read(
            MINE
                + """
                ignoreip =
                    192.0.2.0/24 198.51.100.0/24   # AT&T
                    # Localhost
                    127.0.0.0/8                    #Localhost
                    203.0.113.1                    ; first
                """);
    assertThat(read.jails().get(0).policy().ignoreip())
        .extracting(Address::toString)
        .containsExactly("192.0.2.0/24", "198.51.100.0/24", "127.0.0.0/8", "203.0.113.1");
    assertThat(told(read))
        .containsExactly(
            "jail.local:4: ignoreip: from # the line is left out; within a line only ; begins a"
                + " comment",
            "jail.local:4: ignoreip: from #Localhost the line is left out; within a line only ;"
                + " begins a comment");
  }

  /** Paths side by side, or below each other without a blank. */
  @Test
  void issues2879And3683PathsThatAreNotOnALineEachAreTold() throws Exception {
    assertThat(told(read("[mine]\nenabled = true\nlogpath = /logs/a /logs/b\n")))
        .containsExactly(
            "jail.local:3: logpath: '/logs/a /logs/b' is taken for one path; several stand on a line"
                + " each");
    assertThat(error("[mine]\nenabled = true\nlogpath = /logs/a\n/logs/b\n"))
        .isEqualTo(
            "jail.local:4: '/logs/b', expected key = value, or an indented line that continues the"
                + " value before it");
  }

  /** A line without a key passed fail2ban's test. */
  @Test
  void issue4207ALineWithoutAKeyIsRefused() {
    assertThat(error("[DEFAULT]\n192.0.2.10 198.51.100.2\nbantime = 3600\n" + MINE))
        .startsWith("jail.local:2: '192.0.2.10 198.51.100.2', expected key = value");
  }

  /** A log path of several lines within an action's options. */
  @Test
  void issues231And976SeveralPathsAreOneOptionOfAnAction() throws Exception {
    Configuration read =
        read(
            MINE.replace("/mine", "/mine\n  /var/log/yours")
                + "action = %(action_mwl)s\nbanaction = iptables-allports\n");
    assertThat(read.resolved().get(0).actions())
        .extracting(ResolvedAction::name)
        .containsExactly("iptables-allports", "sendmail-whois-lines");
    assertThat(read.resolved().get(0).actions().get(1).values())
        .containsEntry("logpath", "/var/log/mine\n/var/log/yours");
  }

  /** A part of a filter set in the jail: it is the filter's file that has to say it. */
  @Test
  void issue2662AFiltersKeyInAJailIsTold() throws Exception {
    assertThat(told(read(MINE + "mdre-ddos = %(known/mdre-ddos)s\n  ^more <HOST>$\n")))
        .containsExactly("jail.local:4: mdre-ddos is unknown, and does nothing");
  }
}
