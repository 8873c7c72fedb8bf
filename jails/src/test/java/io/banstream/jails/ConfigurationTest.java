package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.jails.Enforcement.ActionCall;
import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Policy.Slow;
import io.banstream.jails.Policy.Subnet;
import io.banstream.schemas.Address;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
  @TempDir Path empty;

  private static Configuration fixture() throws ConfigurationException, URISyntaxException {
    return Configuration.read(
        Path.of(ConfigurationTest.class.getResource("fixture/jail.local").toURI()).getParent(),
        name -> List.of());
  }

  private static Jail jail(String name) throws Exception {
    return fixture().jails().stream().filter(j -> j.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void onlyEnabledJailsAreThere() throws Exception {
    assertThat(fixture().jails().stream().map(Jail::name))
        .containsExactly("sshd", "postfix-sasl", "mine");
  }

  @Test
  void aFolderThatEnablesNothingHasFail2bansSettingsAndIsToldOf() throws Exception {
    Files.writeString(empty.resolve("jail.local"), "[sshd]\nbantime = 60\n");
    assertThat(Configuration.read(empty))
        .isEqualTo(
            new Configuration(
                List.of(),
                List.of(),
                List.of(
                    new Notice(Notice.Severity.WARNING, empty.toString(), "no jail is enabled")),
                new Settings(
                    LogLevel.parse("INFO"),
                    new WrittenValue(
                        "built-in fail2ban.conf:5", "logtarget", "/var/log/fail2ban.log"),
                    Duration.ofDays(1))));
  }

  @Test
  void aLogsLevelAndTargetAreSaidToBeForTheBanLogAlone() throws Exception {
    Files.writeString(empty.resolve("jail.local"), "[sshd]\nenabled = true\nbackend = systemd\n");
    Files.writeString(
        empty.resolve("fail2ban.conf"),
        "[Definition]\nloglevel = INFO\nlogtarget = /var/log/fail2ban.log\n");
    assertThat(Configuration.read(empty).notices()).isEmpty();
    Files.writeString(
        empty.resolve("fail2ban.local"), "[Definition]\nloglevel = warning\nlogtarget = no/path\n");
    assertThat(Configuration.read(empty).notices())
        .containsExactly(
            new Notice(
                Notice.Severity.NOTE,
                "fail2ban.local:2",
                "loglevel is asked by --ban-log configured only, which then writes nothing: Ban"
                    + " and Unban are NOTICE"),
            new Notice(
                Notice.Severity.NOTE,
                "fail2ban.local:3",
                "logtarget is asked by --ban-log configured only"));
  }

  @Test
  void commentsAreTakenOffAndTimesAreRead() throws Exception {
    assertThat(jail("mine").policy().bantime()).contains(Duration.ofHours(36));
    assertThat(jail("mine").policy().findtime()).isEqualTo(Duration.ofMinutes(5));
    assertThat(jail("sshd").policy().bantime()).isEmpty();
  }

  @Test
  void aJailOfTheSyslogSocketsNeedsNoPath() throws Exception {
    Files.writeString(
        empty.resolve("jail.local"),
        "[sshd]\nenabled = true\nbackend = syslog\nlogpath = /var/log/secure\n");
    Configuration read = Configuration.read(empty);
    Sources sources = read.jails().get(0).sources();
    assertThat(sources.syslog()).isTrue();
    assertThat(sources.journal()).isFalse();
    assertThat(sources.logpath()).isEmpty();
    assertThat(read.notices())
        .extracting(Notice::toString)
        .anySatisfy(
            n ->
                assertThat(n)
                    .startsWith("jail.local:4: ")
                    .contains("logpath is not needed: what comes by the agent's syslog sockets"));
  }

  /** As fail2ban loads it; the other jails of the folder must not go with it. */
  @Test
  void aFilterWithoutAFailregexCountsNothingAndIsTold() throws Exception {
    Files.createDirectories(empty.resolve("filter.d"));
    Files.writeString(empty.resolve("filter.d/mine.conf"), "[Definition]\nfailregex =\n");
    Files.writeString(
        empty.resolve("jail.local"),
        "[mine]\nenabled = true\nfilter = mine\nlogpath = /var/log/x\n[sshd]\nenabled = true\n");
    Configuration read = Configuration.read(empty);
    assertThat(read.jails()).extracting(Jail::name).containsExactlyInAnyOrder("mine", "sshd");
    assertThat(read.notices())
        .extracting(Notice::toString)
        .contains("filter.d/mine.conf:2: filter mine has no failregex: jail mine counts nothing");
    assertThatThrownBy(() -> Configuration.filter(empty, "mine"))
        .hasMessage("filter.d/mine: failregex has no line, expected one regex or more");
  }

  @Test
  void ignorecommandAndItsCacheAreRead() throws Exception {
    Files.writeString(
        empty.resolve("jail.local"),
        """
        [sshd]
        enabled = true
        ignorecache = key="<F-USER>@<ip-host>", max-count=7, max-time=1h
        ignorecommand = if [ "<F-USER>" = "backup" ]; then exit 0; fi;
                        exit 1
        [postfix]
        enabled = true
        ignorecommand = grep <matches> /etc/known
        """);
    Configuration read = Configuration.read(empty);
    assertThat(read.jails())
        .extracting(jail -> jail.sources().ignorecommand())
        .containsExactlyInAnyOrder(
            Optional.of(
                new IgnoreCommand(
                    "if [ \"<F-USER>\" = \"backup\" ]; then exit 0; fi;\nexit 1",
                    Optional.of(
                        new IgnoreCommand.Cache("<F-USER>@<ip-host>", 7, Duration.ofHours(1))))),
            Optional.empty());
    assertThat(read.notices())
        .extracting(Notice::toString)
        .contains(
            "jail.local:4: ignorecommand runs on hosts whose agent has"
                + " --allow-ignorecommand; on others what it would ignore is counted",
            "jail.local:8: ignorecommand is not run: <matches> has no value here; what it"
                + " would ignore is counted");
  }

  @Test
  void laterLayersGoOverEarlierOnes() throws Exception {
    assertThat(jail("postfix-sasl").policy().maxretry()).isEqualTo(7);
    assertThat(jail("sshd").policy().maxretry()).isEqualTo(3);
  }

  @Test
  void scopeIsTheJails() throws Exception {
    assertThat(jail("sshd").policy().scope()).isEqualTo(Scope.HOST);
    assertThat(jail("mine").policy().scope()).isEqualTo(Scope.FLEET);
  }

  @Test
  void networksAreIgnoredAndNamesTold() throws Exception {
    assertThat(jail("sshd").policy().ignoreip())
        .containsExactly(Address.parse("127.0.0.0/8"), Address.parse("192.0.2.0/24"));
    assertThat(fixture().notices())
        .extracting(Notice::toString)
        .anySatisfy(n -> assertThat(n).startsWith("jail.local:9: ignoreip: relay.example.com"));
  }

  @Test
  void aFiltersOptionsIncludesAndLocalLinesComeTogether() throws Exception {
    assertThat(jail("mine").sources().filter().failregex())
        .containsExactly("^mine wrong, very: <HOST>$", "^also <HOST>$", "^denied host <HOST>$");
    assertThat(jail("mine").sources().logpath()).containsExactly("/var/log/mine/*.log");
  }

  @Test
  void theJournalStandsInForLogsOnlyWhereTheFilterWasMadeForItAndAutoIsSaid() throws Exception {
    String jail = "[sshd]\nenabled = true\nlogpath = /x\n";
    assertThat(read(jail).jails().get(0).sources().journalIfNoLogs()).isTrue();
    for (String not :
        List.of("backend = polling", "backend = systemd", "systemd_if_nologs = false")) {
      assertThat(read(jail + not).jails().get(0).sources().journalIfNoLogs()).as(not).isFalse();
    }
    Configuration own =
        read(
            "[mine]\nenabled = true\nfilter =\nlogpath = /x\nfailregex = ^<HOST>$\n"
                + "systemd_if_nologs = yes\n");
    assertThat(own.jails().get(0).sources().journalIfNoLogs()).isFalse();
    assertThat(own.notices())
        .extracting(Notice::toString)
        .contains(
            "jail.local:6: systemd_if_nologs: without a journalmatch a log that is not there is"
                + " waited for");
  }

  @Test
  void eachPathHasItsOwnWordOfWhereReadingBegins() throws Exception {
    String paths = "/a tail\n  /b head\n  /c\n  /d/* Tail\n  /a\n  /tail/e tail/f";
    Sources mine =
        read("[mine]\nenabled = true\nfilter = sshd\nlogpath = " + paths + "\n")
            .jails()
            .get(0)
            .sources();
    assertThat(mine.logpath()).containsExactly("/a", "/b", "/c", "/d/*", "/tail/e tail/f");
    assertThat(mine.tail()).containsExactly("/a", "/d/*");
  }

  @Test
  void anActionsOptionsAreHeard() throws Exception {
    assertThat(jail("mine").enforcement().closures())
        .containsExactly(
            new Closure(
                List.of(),
                "tcp",
                "INPUT",
                "REJECT --reject-with icmp-port-unreachable",
                "firewallcmd-ipset"));
    assertThat(jail("postfix-sasl").enforcement())
        .isEqualTo(
            new Enforcement(
                List.of(
                    new Closure(
                        List.of(
                            PortRange.parse("25"),
                            PortRange.parse("465"),
                            PortRange.parse("587"),
                            PortRange.parse("220")),
                        "tcp",
                        "INPUT",
                        "DROP",
                        "iptables-multiport")),
                List.of(
                    new ActionCall(
                        "mail-whois",
                        Map.of(
                            "name", "postfix-sasl",
                            "sender", "root@localhost",
                            "dest", "admin@example.com",
                            "protocol", "tcp",
                            "chain", "<known/chain>"),
                        Optional.empty())),
                false));
  }

  @Test
  void whatDoesNothingIsTold() throws Exception {
    assertThat(fixture().notices())
        .extracting(Notice::toString)
        .contains(
            "jail.local:13: colour is unknown, and does nothing",
            "jail.local:14: known_user is unknown, and does nothing",
            "jail.local:24: port: no service is named nosuch; the others of the list are kept",
            "jail.local:24: port: imap3 is port 220, which no services file of today says",
            "jail.local:26: logpath: 'sendmail[name=x]' is no path, and is left out;"
                + " an indented line continues the value before it");
  }

  @Test
  void anIncludeThatIsMissingIsToldUnlessItIsTheAdministratorsToWrite() throws Exception {
    Files.writeString(
        empty.resolve("jail.local"),
        """
        [INCLUDES]
        before = nosuch.conf
        after = mine.local
        [sshd]
        enabled = true
        logpath = /var/log/auth.log
        """);
    assertThat(Configuration.read(empty).notices())
        .extracting(Notice::toString)
        .containsExactly("jail.local:2: before = nosuch.conf, which is not there");
  }

  @Test
  void everyBuiltInFilterLoads() throws Exception {
    for (String filter : List.of("sshd", "postfix", "postfix-sasl", "dovecot", "recidive")) {
      assertThat(Configuration.filter(empty, filter).name()).isEqualTo(filter);
    }
    assertThat(Configuration.filter(empty, "postfix[mode=auth]").failregex())
        .isEqualTo(Configuration.filter(empty, "postfix-sasl").failregex());
    assertThat(Configuration.filter(empty, "postfix[mode=aggressive]").failregex()).hasSize(2);
  }

  private Configuration read(String jails) throws Exception {
    Files.writeString(empty.resolve("jail.local"), jails);
    return Configuration.read(
        empty,
        name ->
            name.equals("relay.example.com")
                ? List.of(Address.parse("192.0.2.1"), Address.parse("2001:db8::1"))
                : List.of());
  }

  @Test
  void aJailWithoutAFilterHasItsOwnRegexOrNone() throws Exception {
    Configuration read =
        read("[mine]\nenabled = true\nfilter =\nlogpath = /x\n[yours]\nenabled = true\nfilter =\n");
    assertThat(read.jails()).extracting(Jail::name).containsExactly("mine", "yours");
    assertThat(read.jails()).allMatch(jail -> jail.sources().logpath().isEmpty());
    Configuration own =
        read("[mine]\nenabled = true\nfilter =\nlogpath = /x\nfailregex = ^<HOST>$\n");
    assertThat(own.jails().get(0).sources().filter().failregex()).containsExactly("^<HOST>$");
    assertThat(own.jails().get(0).sources().logpath()).containsExactly("/x");
  }

  @Test
  void namesInIgnoreipAreWhatTheyStandForNow() throws Exception {
    Configuration read =
        read("[sshd]\nenabled = true\nignoreip = relay.example.com nosuch.example.com\n");
    assertThat(read.jails().get(0).policy().ignoreip())
        .containsExactly(Address.parse("192.0.2.1"), Address.parse("2001:db8::1"));
    assertThat(read.notices())
        .containsExactly(
            new Notice(
                Notice.Severity.NOTE,
                "jail.local:3",
                "ignoreip: relay.example.com is 192.0.2.1, 2001:db8::1 now; it is asked once, at"
                    + " each push and start"),
            new Notice(
                Notice.Severity.WARNING,
                "jail.local:3",
                "ignoreip: nosuch.example.com has no address now, so nothing is taken for it"));
  }

  @Test
  void aFileOfIgnoredAddressesIsRead() throws Exception {
    Path file = empty.resolve("ignored");
    Files.writeString(file, "192.0.2.1, 198.51.100.0/24 # ours\n; and no more\n2001:db8::1\n");
    assertThat(
            read("[sshd]\nenabled = true\nignoreip = 127.0.0.1 file:" + file + "\n")
                .jails()
                .get(0)
                .policy()
                .ignoreip())
        .extracting(Address::toString)
        .containsExactly("127.0.0.1", "192.0.2.1", "198.51.100.0/24", "2001:db8::1");
  }

  /** As fail2ban's master has it. */
  @Test
  void whatAnActionIsGivenIsGivenForEachFamilyUnlessItIsGivenForOne() throws Exception {
    Files.createDirectories(empty.resolve("action.d"));
    Files.writeString(
        empty.resolve("action.d/mine.conf"),
        "[Definition]\nactionban = x <blocktype>\n[Init]\nblocktype = REJECT\n"
            + "[Init?family=inet6]\nblocktype = REJECT6\n");
    Configuration read =
        read(
            """
            [sshd]
            enabled = true
            action = mine[actname=a]
                     mine[actname=b, blocktype=DROP]
                     mine[actname=c, blocktype=DROP, blocktype?family=inet6="DROP six"]
            """);
    assertThat(read.resolved().get(0).actions())
        .extracting(
            a -> a.values().get("blocktype") + "/" + a.values().get("blocktype?family=inet6"))
        .containsExactly("REJECT/REJECT6", "DROP/DROP", "DROP/DROP six");
  }

  /** As fail2ban's own firewallcmd-common.conf has it since 0.10. */
  @Test
  void aBlocktypeMadeOfWhatDiffersByFamilyIsIpv4s() throws Exception {
    Files.createDirectories(empty.resolve("action.d"));
    Files.writeString(
        empty.resolve("action.d/firewallcmd-ipset.conf"),
        "[Definition]\nactionban = x <blocktype>\n[Init]\nreason = icmp-port-unreachable\n"
            + "blocktype = REJECT --reject-with <reason>\n"
            + "[Init?family=inet6]\nreason = icmp6-port-unreachable\n");
    Configuration read =
        read("[sshd]\nenabled = true\naction = firewallcmd-ipset[port=22, chain=INPUT_direct]\n");
    assertThat(read.jails().get(0).enforcement().closures())
        .containsExactly(
            new Closure(
                List.of(PortRange.parse("22")),
                "tcp",
                "INPUT",
                "REJECT --reject-with icmp-port-unreachable",
                "firewallcmd-ipset"));
    assertThat(read.resolved().get(0).actions().get(0).values())
        .containsEntry("blocktype", "REJECT --reject-with <reason>");
  }

  /** Which blocktype of theirs does not name. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "                                | REJECT --reject-with icmp-port-unreachable",
        "[rich-blocktype=drop]           | DROP",
        "[rich-blocktype=reject]         | REJECT",
        "[rejecttype=icmp-host-unreachable] | REJECT --reject-with icmp-host-unreachable",
        "[blocktype=DROP]                | REJECT --reject-with icmp-port-unreachable",
      })
  void richRulesRefuseAsTheirOwnKeySays(String options, String target) throws Exception {
    Files.createDirectories(empty.resolve("action.d"));
    Files.writeString(
        empty.resolve("action.d/firewallcmd-rich-rules.conf"),
        "[Definition]\nactionban = x <rich-blocktype>\n[Init]\nrejecttype = icmp-port-unreachable\n"
            + "blocktype = REJECT --reject-with <rejecttype>\n"
            + "rich-blocktype = reject type='<rejecttype>'\n"
            + "[Init?family=inet6]\nrejecttype = icmp6-port-unreachable\n");
    String action = "firewallcmd-rich-rules" + (options == null ? "" : options);
    assertThat(read("[sshd]\nenabled = true\naction = " + action + "\n").jails())
        .flatExtracting(jail -> jail.enforcement().closures())
        .extracting(Closure::blocktype)
        .containsExactly(target);
  }

  @Test
  void aRichRuleThatIsNoneIsTold() {
    assertThatThrownBy(
            () ->
                read(
                    "[sshd]\nenabled = true\n"
                        + "action = firewallcmd-rich-rules[rich-blocktype=mark]\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageEndingWith(
            "firewallcmd-rich-rules: rich-blocktype 'mark', expected drop, reject or reject"
                + " type='...'");
  }

  @Test
  void bansAreGatheredByANumber() throws Exception {
    String action = "[sshd]\nenabled = true\naction = sendmail-buffered[name=sshd, lines=%s]\n";
    assertThat(read(action.formatted("20")).jails()).hasSize(1);
    assertThatThrownBy(() -> read(action.formatted("many")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageEndingWith("action sendmail-buffered: lines = many, expected 1 or more");
  }

  /** As fail2ban's pass2allow-ftp. */
  @Test
  void aJailThatOpensAPortInPlaceOfClosingItIsTold() throws Exception {
    assertThat(
            read("[sshd]\nenabled = true\n"
                    + "action = iptables-multiport[port=21, blocktype=RETURN, returntype=DROP]\n")
                .notices())
        .extracting(Notice::toString)
        .containsExactly(
            "jail.local:3: jail sshd lets pass whom it bans (blocktype); that everybody else is"
                + " kept out (returntype) is not done here");
  }

  @Test
  void aFiltersUnknownKeysAndOptionsAreTold() throws Exception {
    Files.createDirectories(empty.resolve("filter.d"));
    Files.writeString(
        empty.resolve("filter.d/postfix.local"),
        "[Definition]\nfailregx = ^<HOST>$\n_daemon = mine\n");
    assertThat(read("[postfix]\nenabled = true\nfilter = postfix[mode=auth, mod=x]\n").notices())
        .extracting(Notice::toString)
        .containsExactly(
            "jail.local:3: the filter's option mod is unknown, and does nothing",
            "filter.d/postfix.local:2: failregx is unknown, and does nothing");
  }

  @Test
  void aSecondWindowIsForAllJailsButRecidiveWhichNamesItsOwn() throws Exception {
    String all = "[DEFAULT]\nlongtime = 7d\nlongretry = 20\n[sshd]\nenabled = true\n";
    String recidive = "[recidive]\nenabled = true\nfindtime = 4w\n";
    assertThat(read(all + recidive).jails())
        .extracting(j -> j.policy().slow())
        .containsExactly(Optional.of(new Slow(Duration.ofDays(7), 20)), Optional.empty());
    assertThat(read(all + recidive + "longtime = 12w\n").jails().get(1).policy().slow())
        .contains(new Slow(Duration.ofDays(84), 20));
    assertThat(read(all + "longtime =\nlongretry =\n").jails().get(0).policy().slow()).isEmpty();
  }

  @Test
  void ourOwnExpressionsForSuccessesServeFail2bansFilters() throws Exception {
    Files.createDirectories(empty.resolve("filter.d"));
    Files.writeString(
        empty.resolve("filter.d/sshd.conf"), "[Definition]\nfailregex = ^no <HOST>$\n");
    Files.writeString(
        empty.resolve("filter.d/imap.conf"), "[Definition]\nfailregex = ^no <HOST>$\n");
    String enabled = "enabled = true\nlogpath = /log\n";
    List<Jail> jails =
        read("[a]\nfilter = sshd\n"
                + enabled
                + "[b]\nfilter = sshd\nsuccessregex = ^in <HOST>$\n"
                + enabled
                + "[c]\nfilter = sshd\nsuccessregex =\n"
                + enabled
                + "[d]\nfilter = imap\n"
                + enabled)
            .jails();
    assertThat(jails.get(0).sources().filter().successregex())
        .singleElement()
        .asString()
        .contains("Accepted ");
    assertThat(jails.subList(1, 4))
        .extracting(j -> j.sources().filter().successregex())
        .containsExactly(List.of("^in <HOST>$"), List.of(), List.of());
  }

  @Test
  void successesMakeKnownForAMonthUnlessToldOtherwiseAndForgiveNothing() throws Exception {
    String jails = "[sshd]\nenabled = true\n[dovecot]\nenabled = true\n";
    assertThat(read(jails + "forgive = yes\nknown.days = 0\n").jails())
        .extracting(j -> j.policy().trust())
        .containsExactly(
            new Policy.Trust(false, Duration.ofDays(30)), new Policy.Trust(true, Duration.ZERO));
  }

  @Test
  void networksAreBannedByTheJailsThatAreToldSoAndByRecidiveWhereItsOwnSectionSaysSo()
      throws Exception {
    String sshd = "[sshd]\nenabled = true\n";
    assertThat(read(sshd).jails().get(0).policy().subnet()).isEmpty();
    String all = "[DEFAULT]\nsubnet.maxbans = 5\nsubnet.prefix4 = 28\n" + sshd;
    String recidive = "[recidive]\nenabled = true\n";
    assertThat(read(all + recidive).jails())
        .extracting(j -> j.policy().subnet())
        .containsExactly(Optional.of(new Subnet(5, 28, 64)), Optional.empty());
    assertThat(read(all + recidive + "subnet.maxbans = 2\n").jails().get(1).policy().subnet())
        .contains(new Subnet(2, 28, 64));
    assertThat(read(all + "subnet.maxbans = 0\n").jails().get(0).policy().subnet()).isEmpty();
  }

  @Test
  void aSecondWindowIsLongerAndWantsMore() throws Exception {
    String jail = "[sshd]\nenabled = true\nfindtime = 1h\nmaxretry = 5\n";
    assertThatThrownBy(() -> read(jail + "longtime = 60m\nlongretry = 20\n"))
        .hasMessage("jail.local:5: longtime = 60m, expected above findtime = 3600 s");
    assertThatThrownBy(() -> read(jail + "longtime = 7d\nlongretry = 5\n"))
        .hasMessage("jail.local:6: longretry = 5, expected 6 to 1000");
  }

  @Test
  void whateverHasRecidivesFilterCountsBans() throws Exception {
    String sshd = "[sshd]\nenabled = true\n";
    String recidive = "[ssh-again]\nenabled = true\nfilter = recidive[_jailname=\"ssh-again\"]\n";
    String all = "[recidive]\nenabled = true\n";
    Configuration read = read(sshd + recidive + "recidive.jails = sshd\n" + all);
    assertThat(read.jails())
        .extracting(j -> j.policy().bansOf())
        .containsExactly(Optional.empty(), Optional.of(Set.of()), Optional.of(Set.of("sshd")));
    assertThat(read.jails().get(2).sources().filter().failregex()).isEmpty();
  }
}
