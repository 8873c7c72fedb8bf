package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.banstream.testkit.Netns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of its own, and its disk as it is at one moment, whatever memory has. */
class PowerCutIT {
  private static final Letter LETTER =
      new Letter("fail2ban", "root", Instant.parse("2026-11-25T03:00:00Z"), "Subject: a mail\n\n");

  private static final int NO_MOUNT = 77;

  /** Nothing but what is asked for goes to the disk; mounts are seen by this shell alone. */
  private static final String SCRIPT =
      """
      truncate -s 32M disk
      mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 disk
      mkdir at
      mount -o loop,commit=300 disk at || exit %d
      "$@" at
      cp disk cut
      umount at
      e2fsck -fy cut >fsck || test $? -eq 1
      debugfs -R 'dump /0.json 0.json' cut
      """
          .formatted(NO_MOUNT);

  @TempDir Path folder;

  @Test
  void aMailThatIsKeptIsThereAfterAPowerCut() throws Exception {
    Netns.assumeAvailable("unshare", "mount", "mkfs.ext4", "e2fsck", "debugfs");
    Path said = folder.resolve("said");
    int exit =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "sh",
                "-ec",
                SCRIPT,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PowerCutIT.class.getName())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start()
            .waitFor();
    assumeTrue(exit != NO_MOUNT, "needs the right to mount a file");
    assertThat(exit).as(Files.readString(said, StandardCharsets.UTF_8)).isZero();
    assertThat(folder.resolve("0.json")).hasBinaryContent(LETTER.json());
  }

  /** Keeps a mail in a folder. */
  public static void main(String[] args) {
    var unused = new MailSpool(Path.of(args[0])).keep(LETTER);
  }
}
