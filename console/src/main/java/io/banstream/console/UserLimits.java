package io.banstream.console;

/**
 * From how many on user names are told of.
 *
 * @param names that one address tried within an hour, 2 to {@value #MOST}
 * @param addresses that tried one name within an hour, 2 to {@value #MOST}
 */
public record UserLimits(int names, int addresses) {
  private static final int MOST = 10_000;
  public static final UserLimits DEFAULT = new UserLimits(20, 20);

  public UserLimits {
    require("user-names", names);
    require("user-addresses", addresses);
  }

  private static void require(String key, int value) {
    if (value < 2 || value > MOST) {
      throw new IllegalArgumentException(key + " = " + value + ", expected 2 to " + MOST);
    }
  }
}
