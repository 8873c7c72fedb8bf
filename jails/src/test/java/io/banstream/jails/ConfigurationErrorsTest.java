package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can't be put in force: each with the one line that it gives. */
class ConfigurationErrorsTest {
  @TempDir Path dir;

  private void write(String file, String text) throws IOException {
    Path path = dir.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private String error() {
    String message =
        catchThrowableOfType(ConfigurationException.class, () -> Configuration.read(dir))
            .getMessage();
    assertThat(message).doesNotContain("\n");
    return message;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bantime = -5           | jail.local:3: bantime = -5, expected a time above 0
          bantime = 0            | jail.local:3: bantime = 0, expected a time above 0
          bantime = soon         | jail.local:3: bantime = soon, 'soon' is no time, expected seconds or such as 1d 12h
          findtime = 0           | jail.local:3: findtime = 0, expected a time above 0
          findtime = -1          | jail.local:3: findtime = -1, expected a time above 0
          maxretry = 0           | jail.local:3: maxretry = 0, expected 1 to 999999999
          maxretry = many        | jail.local:3: maxretry = many, expected 1 to 999999999
          scope = world          | jail.local:3: scope = world, expected fleet or host
          ipv6prefix = 129       | jail.local:3: ipv6prefix = 129, expected 1 to 128
          backend = magic        | jail.local:3: backend = magic, expected systemd, syslog, or auto for files
          logencoding = utf-16   | jail.local:3: logencoding = utf-16, expected auto or a character set with one-byte newlines
          logencoding = klingon  | jail.local:3: logencoding = klingon, expected auto or a character set
          usedns = maybe         | jail.local:3: usedns = maybe, expected yes, warn, no or raw
          ignoreip = 10.0.0.0/33 | jail.local:3: ignoreip = 10.0.0.0/33, expected addresses, networks and names
          filter = nosuch        | jail.local:3: filter = nosuch: no filter.d/nosuch.conf
          action = nosuch[x=1]   | jail.local:3: action = nosuch, which is unknown: no action.d/nosuch.conf
          banaction = nosuch     | jail.local:3: banaction = nosuch, which is unknown: no action.d/nosuch.conf
          protocol = foo         | jail.local:3: iptables-multiport: protocol = foo, expected one of tcp, udp, udplite, sctp, dccp, icmp, icmpv6, all
          longtime = 7d          | jail.local:3: longtime = 7d, expected longtime and longretry
          subnet.maxbans = 1001  | jail.local:3: subnet.maxbans = 1001, expected 0 to 1000
          subnet.prefix4 = 15    | jail.local:3: subnet.prefix4 = 15, expected 16 to 31
          subnet.prefix6 = 128   | jail.local:3: subnet.prefix6 = 128, expected 32 to 127
          longretry = 20         | jail.local:3: longretry = 20, expected longtime and longretry
          successregex = ^in$    | jail.local:3: successregex = ^in$: no <HOST> or the like says who logged in
          known.days = 366       | jail.local:3: known.days = 366, expected 0 to 365
          known.days = 1d        | jail.local:3: known.days = 1d, expected 0 to 365
          forgive = perhaps      | jail.local:3: forgive = perhaps, expected true or false
          bantime.factor = 1 - 1 | jail.local:3: bantime.factor = 1 - 1, expected a number above 0
          bantime.factor = 1 / 0 | jail.local:3: bantime.factor = 1 / 0, division by zero
          bantime.factor = ban.Time | jail.local:3: bantime.factor = ban.Time, 'ban.Time' at 1 is unknown, expected one of math.*, abs, float, int, max, min, pow, round
          bantime.formula = 2 * now | jail.local:3: bantime.formula = 2 * now, 'now' at 5 is unknown, expected one of ban.Count, ban.Time, banFactor, math.*, abs, float, int, max, min, pow, round
          bantime.increment = ja | jail.local:3: bantime.increment = ja, expected true or false
          action = iptables[x    | jail.local:3: action = iptables[x: expected option=value before ''
          port = nosuch          | jail.local:3: port = nosuch: names no port that is known
          port = 99999           | jail.local:3: port = 99999: port = 99999:99999, expected 0 to 65535, the first not above the last
          chain = a;b            | jail.local:3: iptables-multiport: chain = a;b, expected [A-Za-z0-9_.-]{1,28}
          logpath = here         | jail.local:3: jail sshd: logpath has no path, expected one or more, or backend = systemd or syslog
          port = %(nosuch)s      | jail.local:3: port = %(nosuch)s: %(nosuch)s names no key
          port = %(port)s        | jail.local:3: port = %(port)s: it comes to stand in itself
          port = 10%             | jail.local:3: port = 10%: % must be followed by % or (name)s
          failregex = ( <HOST>   | jail.local:3: failregex = ( <HOST>: a ( is not closed
          failregex = ^no host$  | jail.local:3: failregex = ^no host$: no <HOST> or the like says whose failure it is
          just words             | jail.local:3: 'just words', expected key = value, or an indented line that continues the value before it
          """)
  void namesFileLineKeyAndValue(String line, String expected) throws IOException {
    write("jail.local", "[sshd]\nenabled = true\n" + line + "\n");
    assertThat(error()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          max-count=5         | key = , expected text with tags
          key=<matches>       | <matches> has no value here
          key=a, size=5       | expected key, max-count and max-time, not size
          key=a, max-count=0  | max-count = 0, expected 1 to 100000
          key=a, max-count=no | max-count: expected a number
          key=a, max-time=no  | '''no'' is no time, expected seconds or such as 1d 12h'
          """)
  void anIgnorecacheThatCantBeIsRefused(String value, String expected) throws IOException {
    write("jail.local", "[sshd]\nenabled = true\nignorecommand = x\nignorecache = " + value + "\n");
    assertThat(error()).isEqualTo("jail.local:4: ignorecache = " + value + ", " + expected);
  }

  @Test
  void enabledThatIsNeitherTrueNorFalseIsRefused() throws IOException {
    write("jail.local", "[sshd]\nenabled = maybe\n");
    assertThat(error()).isEqualTo("jail.local:2: enabled = maybe, expected true or false");
  }

  @Test
  void theNameOfAnOperatorsBansIsRefused() throws IOException {
    write(
        "jail.local",
        "[manual]\nenabled = true\nfilter = sshd\nlogpath = /var/log/x\nport = ssh\n");
    assertThat(error())
        .isEqualTo("jail.local:2: [manual] jail manual: the name is kept for an operator's bans");
  }

  @Test
  void aFolderWithoutJailFilesIsRefused() throws IOException {
    write("filter.d/mine.conf", "[Definition]\nfailregex = ^<HOST>$\n");
    assertThat(error())
        .isEqualTo(dir + ": no jail.conf, jail.local or jail.d: not fail2ban's folder");
  }

  @Test
  void textOutsideASectionIsRefused() throws IOException {
    write("jail.local", "enabled = true\n");
    assertThat(error())
        .isEqualTo("jail.local:1: 'enabled = true', expected [section] first, then key = value");
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws IOException {
    write("jail.local", "[sshd]\nport = \u00ff\n");
    assertThat(error()).isEqualTo("jail.local:2: byte 0xff is no text, expected UTF-8");
    write("jail.local", "[sshd]\n\nport = \u0000\n");
    assertThat(error()).isEqualTo("jail.local:3: byte 0x00 is no text, expected UTF-8");
  }

  @Test
  void tagsThatGoRoundAreRefused() throws IOException {
    write("jail.local", "[mine]\nenabled = true\nlogpath = /var/log/x\n");
    write("filter.d/mine.conf", "[Definition]\na = <b>\nb = <a>\nfailregex = <a> <HOST>\n");
    assertThat(error()).isEqualTo("filter.d/mine.conf:2: a = <b>: <a> comes to stand in itself");
  }

  @Test
  void aFolderThatIsNotThereIsRefused() throws IOException {
    Path none = dir.resolve("none");
    assertThat(catchThrowableOfType(ConfigurationException.class, () -> Configuration.read(none)))
        .hasMessage(none + ": no such folder");
  }

  @Test
  void aFileThatCannotBeReadIsRefused() throws IOException {
    Files.createDirectory(dir.resolve("jail.local"));
    assertThat(error()).isEqualTo("jail.local: can't be read: Is a directory");
  }
}
