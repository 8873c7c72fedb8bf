package io.banstream.enforcer;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names by which sets and chains are known as ours. A name that the kernel can't hold (too
 * long, foreign characters) is there as 95 bits of its SHA-256, marked by {@code _} where others
 * have {@code -}: so two jails never share a set.
 */
final class Names {
  /** Every set of ours begins so. */
  static final String SETS = "banstream-";

  /** Where a set that must grow is built before it takes its place. */
  static final String SWAP_SET = SETS + "swap";

  /** Every chain of ours begins so; the one jumped to from INPUT is this. */
  static final String CHAINS = "BANSTREAM";

  /** Where a jail's rules are tried; never jumped to, gone in the same transaction. */
  static final String TRIAL_CHAIN = CHAINS + "-TRIAL";

  private static final int LONGEST_JAIL = 19;
  private static final Pattern PLAIN_CHAIN = Pattern.compile("[A-Za-z0-9.-]{1,13}");
  private static final int DIGEST_LETTERS = 19;
  private static final int BITS_A_LETTER = 5;

  private Names() {}

  /** At most 31 characters, ipset's limit. */
  static String set(String jail, Family family) {
    return SETS + family.digit() + (isPlain(jail) ? "-" + jail : "_" + digest(jail));
  }

  /** The family of a jail's set; empty: it is no set of a jail's. */
  static Optional<Family> family(String set) {
    return Stream.of(Family.values())
        .filter(family -> set.matches(SETS + family.digit() + "[-_].*"))
        .findFirst();
  }

  /** What serves in a set's place while it is made anew; it is no longer than the set's name. */
  static String standIn(String set) {
    char digit = set.charAt(SETS.length());
    return SETS + (char) (digit + 1) + set.substring(SETS.length() + 1);
  }

  /** Asked for each entry of very many: an expression would take longer than the rest. */
  private static boolean isPlain(String jail) {
    return !jail.isEmpty()
        && jail.length() <= LONGEST_JAIL
        && jail.chars()
            .allMatch(
                c ->
                    c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || c >= '0' && c <= '9'
                        || c == '.'
                        || c == '-');
  }

  /** The chain of ours that {@code jumped} jumps to: at most 28 characters, iptables' limit. */
  static String chain(String jumped) {
    if (jumped.equals("INPUT")) {
      return CHAINS;
    }
    boolean plain = PLAIN_CHAIN.matcher(jumped).matches();
    return CHAINS + (plain ? "-of-" + jumped : "_" + digest(jumped).substring(0, 18));
  }

  static boolean isOurChain(String chain) {
    return chain.equals(CHAINS) || chain.startsWith(CHAINS + "-") || chain.startsWith(CHAINS + "_");
  }

  private static String digest(String name) {
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      BigInteger number = new BigInteger(1, sha);
      StringBuilder text = new StringBuilder(DIGEST_LETTERS);
      for (int i = 0; i < DIGEST_LETTERS; i++) {
        text.append(Character.forDigit(number.intValue() & 31, 32));
        number = number.shiftRight(BITS_A_LETTER);
      }
      return text.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
