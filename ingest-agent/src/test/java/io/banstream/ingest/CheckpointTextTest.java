package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.ingest.Checkpoint.FilePoint;
import io.banstream.ingest.Checkpoint.JournalPoint;
import io.banstream.ingest.Fingerprint.Inode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckpointTextTest {
  private static final Checkpoint CHECKPOINT =
      new Checkpoint(
          "5b1f3c1e-8f0e-4a53-9f7d-2f6f0a4f6f11",
          Map.of(
              "/var/log/maillog",
              new FilePoint(
                  new Place(2, 1234, new Fingerprint(new Inode(65024, 131), 256, 4026531840L)),
                  Map.of("dovecot", new Mark(2, 9000), "postfix-sasl", new Mark(2, 1234)))),
          Map.of(
              "sshd",
              new JournalPoint(
                  1,
                  "19b46207de874c12a03bcac1786ed28a",
                  42,
                  Optional.of("s=19b46207de874c12a03bcac1786ed28a;i=2a;b=1;m=2;t=3;x=4"),
                  1764040000)),
          Map.of("dovecot", Set.of("/var/log/maillog", "/var/log/mail/*.log")),
          Map.of("sshd", true));

  /** Agents of older versions left this on disk: it changes on purpose, with a new version. */
  private static final String TEXT =
      """
      {
        "version" : 1,
        "incarnation" : "5b1f3c1e-8f0e-4a53-9f7d-2f6f0a4f6f11",
        "files" : {
          "/var/log/maillog" : {
            "generation" : 2,
            "offset" : 1234,
            "device" : 65024,
            "inode" : 131,
            "head" : 256,
            "crc" : 4026531840,
            "jails" : {
              "dovecot" : {
                "generation" : 2,
                "offset" : 9000
              },
              "postfix-sasl" : {
                "generation" : 2,
                "offset" : 1234
              }
            }
          }
        },
        "journals" : {
          "sshd" : {
            "generation" : 1,
            "sequence" : "19b46207de874c12a03bcac1786ed28a",
            "index" : 42,
            "cursor" : "s=19b46207de874c12a03bcac1786ed28a;i=2a;b=1;m=2;t=3;x=4",
            "since" : 1764040000
          }
        },
        "tails" : {
          "dovecot" : [ "/var/log/mail/*.log", "/var/log/maillog" ]
        },
        "standIns" : {
          "sshd" : true
        }
      }""";

  @Test
  void itsTextIsFrozen() {
    assertThat(CheckpointText.write(CHECKPOINT)).isEqualTo(TEXT);
  }

  @Test
  void itsTextReadsBack() {
    assertThat(CheckpointText.read(TEXT)).isEqualTo(CHECKPOINT);
  }

  @Test
  void oneFromBeforeTailWasHeardReadsBack() {
    String text = TEXT.substring(0, TEXT.indexOf(",\n  \"tails\"")) + "\n}";
    assertThat(CheckpointText.read(text))
        .isEqualTo(
            new Checkpoint(
                CHECKPOINT.incarnation(),
                CHECKPOINT.files(),
                CHECKPOINT.journals(),
                Map.of(),
                Map.of()));
  }

  @Test
  void anotherVersionIsRefused() {
    assertThatThrownBy(
            () -> CheckpointText.read(TEXT.replace("\"version\" : 1", "\"version\" : 9")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("version = 9, expected 1");
  }

  @Test
  void aTornTextIsRefusedInOneLine() {
    assertThatThrownBy(() -> CheckpointText.read(TEXT.substring(0, 300)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not JSON: ");
  }

  @Test
  void aValueOfAnotherKindIsRefused() {
    assertThatThrownBy(() -> CheckpointText.read(TEXT.replace("1234,", "\"x\",")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("offset = \"x\", expected a whole number");
  }
}
