package io.banstream.standalone;

import io.banstream.console.UserLimits;
import picocli.CommandLine.Option;

/** From how many on user names are told of. */
final class UserOptions {
  @Option(
      names = "--user-names",
      paramLabel = "NUMBER",
      defaultValue = "20",
      description =
          "Tell of an address that tried so many user names within an hour "
              + "(default: ${DEFAULT-VALUE}).")
  private int names;

  @Option(
      names = "--user-addresses",
      paramLabel = "NUMBER",
      defaultValue = "20",
      description =
          "Tell of a user name that so many addresses tried within an hour "
              + "(default: ${DEFAULT-VALUE}).")
  private int addresses;

  /**
   * @throws IllegalArgumentException in one line, if a number is out of its range
   */
  UserLimits limits() {
    return new UserLimits(names, addresses);
  }
}
