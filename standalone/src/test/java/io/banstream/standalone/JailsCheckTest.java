package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JailsCheckTest {
  private static final String CLEAN =
      """
      [postfix-sasl]
      enabled = true
      bantime = 600
      findtime = 5m
      maxretry = 3
      port = smtp
      banaction = iptables-multiport
      logpath = /var/log/maillog
      """;

  @TempDir Path folder;

  private Cli.Result check(String jails) throws Exception {
    Files.writeString(folder.resolve("jail.local"), jails);
    return Cli.run("jails", "check", folder.toString(), "--format", "json");
  }

  @Test
  void aCleanConfigurationIsShownAsItIsMeant() throws Exception {
    Cli.Result result = check(CLEAN);
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    JsonNode jail = new ObjectMapper().readTree(result.out()).at("/jails/0");
    assertThat(jail.path("jail").asText()).isEqualTo("postfix-sasl");
    assertThat(jail.path("findtime").asInt()).isEqualTo(300);
    assertThat(jail.at("/closures/0/ports/0").asText()).isEqualTo("25");
  }

  /** The form is what others read: it changes on purpose. */
  @Test
  void aJailsValuesAreNamedAsInJailConf() throws Exception {
    Files.createDirectories(folder.resolve("filter.d"));
    Files.writeString(
        folder.resolve("filter.d/postfix-sasl.conf"),
        "[Definition]\nprefregex = ^<F-CONTENT>.+</F-CONTENT>$\nfailregex = ^no <HOST>$\n"
            + "successregex = ^in <HOST>$\n");
    Cli.Result result = check(CLEAN + "ignoreip = 192.0.2.0/24\nignorecommand = true <ip>\n");
    JsonNode jail = new ObjectMapper().readTree(result.out()).at("/jails/0");
    assertThat(jail.toString())
        .isEqualTo(
            """
            {"jail":"postfix-sasl","bantime":600,"findtime":300,"maxretry":3,"scope":"fleet",\
            "ignoreip":["192.0.2.0/24"],"bantime.increment":false,"bantime.factor":1.0,\
            "bantime.multipliers":[],"bantime.rndtime":0,"bantime.overalljails":false,\
            "guard.bans":500,"guard.time":3600,"guard.confirm":false,"guard.spare":[],\
            "forgive":false,"known.days":30,\
            "backend":"auto","systemd_if_nologs":false,"filter":"postfix-sasl","prefregex":"^<F-CONTENT>.+</F-CONTENT>$",\
            "failregex":["^no <HOST>$"],"ignoreregex":[],"successregex":["^in <HOST>$"],"maxlines":1,"journalmatch":[],\
            "logpath":["/var/log/maillog"],"tail":[],"logencoding":"auto","usedns":"warn","ignoreself":true,\
            "ignorecommand":"true <ip>","closures":[{"banaction":"iptables-multiport",\
            "chain":"INPUT","protocol":"tcp","blocktype":"REJECT --reject-with icmp-port-unreachable",\
            "ports":["25"]}],"cut":false,"actions":[{"actname":"iptables-multiport",\
            "action":"iptables-multiport","values":{"actname":"iptables-multiport",\
            "bantime":"600","blocktype":"REJECT --reject-with icmp-port-unreachable",\
            "chain":"<known/chain>","name":"postfix-sasl","port":"smtp","protocol":"tcp"}}]}""");
  }

  @Test
  void aValueOfSeveralLinesStaysWithItsJail() throws Exception {
    Files.writeString(folder.resolve("jail.local"), CLEAN + "datepattern = ^EPOCH\n  {^LN-BEG}\n");
    assertThat(Cli.run("jails", "check", folder.toString()).out())
        .contains("    datepattern = ^EPOCH\n        {^LN-BEG}\n    maxlines = 1\n");
  }

  @Test
  void warningsExitWithOne() throws Exception {
    Cli.Result result = check(CLEAN + "maxretries = 5\n");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("maxretries").contains("jail.local:9");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void whatCanNotBePutInForceExitsWithTwoAndOneLine() throws Exception {
    Cli.Result result = check(CLEAN.replace("maxretry = 3", "maxretry = -3"));
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("jail.local:5", "maxretry", "-3").hasLineCount(1);
  }

  @Test
  void theSeedsConfigurationsCanBePutInForce() {
    Path seed = Path.of(System.getProperty("banstream.root"), "../shared/seed");
    assumeTrue(Files.isDirectory(seed), "needs ../shared/seed");
    for (String host : new String[] {"centos6", "centos7"}) {
      Cli.Result result = Cli.run("jails", "check", seed.resolve(host + "/fail2ban").toString());
      assertThat(result.exit()).as(result.err()).isLessThan(2);
      assertThat(result.out()).contains("postfix-sasl\n", "recidive\n", "imap3");
    }
  }
}
