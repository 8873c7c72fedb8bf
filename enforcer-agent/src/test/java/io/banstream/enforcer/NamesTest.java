package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamesTest {
  private static final List<String> JAILS =
      List.of(
          "sshd",
          "postfix-sasl",
          "a-jail-of-19-letter",
          "a-jail-of-20-letters",
          "a-jail-of-20-letterz",
          "with_underscore",
          "with/slash",
          "日本",
          "x".repeat(500),
          "x".repeat(501));

  @Test
  void plainJailsAreReadInTheirSetsNames() {
    assertThat(Names.set("postfix-sasl", Family.V4)).isEqualTo("banstream-4-postfix-sasl");
    assertThat(Names.set("sshd", Family.V6)).isEqualTo("banstream-6-sshd");
  }

  @Test
  void everyJailHasASetOfItsOwnThatIpsetTakes() {
    Set<String> names = new HashSet<>();
    for (String jail : JAILS) {
      for (Family family : Family.values()) {
        names.add(Names.set(jail, family));
      }
    }
    assertThat(names).hasSize(2 * JAILS.size());
    assertThat(names).allMatch(name -> name.matches("banstream-[46][-_][A-Za-z0-9.-]{1,19}"));
  }

  @Test
  void chainsFitIptables() {
    assertThat(Names.chain("INPUT")).isEqualTo("BANSTREAM");
    assertThat(Names.chain("FORWARD")).isEqualTo("BANSTREAM-of-FORWARD");
    assertThat(Names.chain("a-chain-of-twenty-eight-chars"))
        .hasSizeLessThanOrEqualTo(28)
        .startsWith("BANSTREAM_");
  }

  @Test
  void chainsOfOthersAreNotOurs() {
    assertThat(Names.isOurChain("BANSTREAMING")).isFalse();
    assertThat(Names.isOurChain("f2b-sshd")).isFalse();
    assertThat(Names.isOurChain("BANSTREAM-of-FORWARD")).isTrue();
  }
}
