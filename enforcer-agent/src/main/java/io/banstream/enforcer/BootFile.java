package io.banstream.enforcer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What {@code deploy/boot/banstream-boot} reads before the firewall is loaded, without Java: the
 * tool, when the rest was written (this host's clock, seconds since 1970), then the tool's lines,
 * one element each, whose timeouts count from then. A saved ruleset that names our sets would
 * otherwise be refused as a whole, and the host stand open.
 */
final class BootFile {
  private final Path file;

  /**
   * @param folder the enforcer's own
   */
  BootFile(Path folder) {
    file = folder.resolve("boot");
  }

  /**
   * @param tool {@code ipset} or {@code nft}
   * @param lines what makes sets before what fills them
   */
  record Script(String tool, List<String> lines) {}

  void write(Script script, Instant now) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("banstream-boot 1 ").append(script.tool()).append(' ').append(now.getEpochSecond());
    text.append('\n');
    script.lines().forEach(line -> text.append(line).append('\n'));
    OwnFile.write(file, text.toString());
  }

  /** The next boot makes nothing. */
  void forget() throws IOException {
    Files.deleteIfExists(file);
  }
}
