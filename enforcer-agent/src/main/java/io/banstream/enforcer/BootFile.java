package io.banstream.enforcer;

import io.banstream.schemas.OwnerOnly;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

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

  /** Takes a script's lines, one after the other. */
  interface Each {
    void line(String text) throws IOException;
  }

  /** Lines that are made as they are taken. */
  interface Lines {
    void forEach(Each each) throws IOException;
  }

  /**
   * @param tool {@code ipset} or {@code nft}
   * @param lines what makes sets before what fills them
   */
  record Script(String tool, Lines lines) {}

  void write(Script script, Instant now) throws IOException {
    String title = "banstream-boot 1 " + script.tool() + ' ' + now.getEpochSecond() + '\n';
    OwnerOnly.write(
        file,
        stream -> {
          Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
          out.write(title);
          script
              .lines()
              .forEach(
                  line -> {
                    out.write(line);
                    out.write('\n');
                  });
          out.flush();
        });
  }

  /** The next boot makes nothing. */
  void forget() throws IOException {
    Files.deleteIfExists(file);
  }
}
