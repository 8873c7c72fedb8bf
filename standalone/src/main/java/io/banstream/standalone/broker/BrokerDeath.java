package io.banstream.standalone.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Exit;

/**
 * What happens where the broker can't go on: Kafka then ends the process on the spot, so that
 * nothing is said to be kept that is not. The user is told why before.
 */
public final class BrokerDeath {
  private static final long NEARLY_NOTHING = 1 << 20;

  private BrokerDeath() {}

  /** For this whole process: there is one broker in it. */
  public static void tell(Path data, Consumer<String> notices) {
    Exit.Procedure end =
        (code, message) -> {
          notices.accept(why(data));
          Runtime.getRuntime().halt(1);
        };
    Exit.setExitProcedure(end);
    Exit.setHaltProcedure(end);
  }

  private static String why(Path data) {
    try {
      if (Files.getFileStore(data).getUsableSpace() < NEARLY_NOTHING) {
        return "data = " + data + ": no space left: the broker can't go on";
      }
    } catch (IOException e) {
      return "data = " + data + ": the broker can't go on: " + e.getMessage();
    }
    return "data = " + data + ": the broker can't go on (--verbose tells why)";
  }
}
