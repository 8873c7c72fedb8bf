package io.banstream.console;

import io.banstream.schemas.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What an order must bring: made at the first start and kept in {@code console/token} of the data
 * folder, which only its owner can read.
 */
public final class Token {
  private static final int BYTES = 32;
  private static final String BEARER = "Bearer ";

  private final byte[] expected;

  private Token(String token) {
    this.expected = (BEARER + token).getBytes(StandardCharsets.UTF_8);
  }

  /** Where the token of a console with this data folder is. */
  public static Path file(Path data) {
    return data.resolve("console").resolve("token");
  }

  static Token keptIn(Path data) {
    Path file = file(data);
    try {
      Files.createDirectories(data);
      OwnerOnly.folder(file.getParent());
      if (!Files.exists(file)) {
        OwnerOnly.write(file, (fresh() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      String token = Files.readString(file).strip();
      if (token.isEmpty()) {
        throw new ConsoleException(file + " is empty: remove it, a new token is made at start");
      }
      return new Token(token);
    } catch (IOException e) {
      throw new ConsoleException("the console's token, " + file + ": " + e, e);
    }
  }

  private static String fresh() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Whether an Authorization header brings the token; takes as long whatever is wrong with it. */
  boolean admits(String authorization) {
    byte[] given = (authorization == null ? "" : authorization).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(given, expected);
  }
}
