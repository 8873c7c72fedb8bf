package io.banstream.processor;

import io.banstream.jails.Policy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;

/** A user name as a window keeps it, in 8 bytes that nobody can make two names have. */
final class UserName {
  private UserName() {}

  /** 0 where there is none, or the jail does not count them. Upper and lower case are one. */
  static long of(Optional<String> user, Policy policy) {
    if (policy.maxnames() == 0 || user.isEmpty() || user.get().isEmpty()) {
      return 0;
    }
    byte[] utf8 = user.get().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(sha256().digest(utf8)).getLong() | 1; // none is 0
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
