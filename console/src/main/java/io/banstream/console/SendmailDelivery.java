package io.banstream.console;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * By a program that is called as sendmail(8) is, such as Postfix's.
 *
 * @param program its path
 */
record SendmailDelivery(Path program) implements Delivery {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** EX_USAGE, EX_DATAERR, EX_NOUSER of sysexits.h. Others may be mended, or mend themselves. */
  private static final Set<Integer> FOR_GOOD = Set.of(64, 65, 67);

  @Override
  public void deliver(Letter letter) throws IOException, InterruptedException {
    try {
      Program.run(
          List.of(program.toString(), "-i", "-f", letter.sender(), "--", letter.dest()),
          letter.bytes(),
          LIMIT);
    } catch (Program.ExitException e) {
      throw FOR_GOOD.contains(e.code()) ? new MailRefusedException(e) : e;
    }
  }
}
