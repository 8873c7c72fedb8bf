package io.banstream.standalone.broker;

import io.banstream.schemas.OwnerOnly;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/** The broker's secrets, made once and kept in a file that only its owner reads. */
final class Secrets {
  private static final String CLUSTER_ID = "cluster.id";
  private static final String CONTROLLER = "controller";
  private static final int BYTES = 24;

  private final Properties values;

  private Secrets(Properties values) {
    this.values = values;
  }

  /** Those of {@code file}; made there if it does not exist. */
  static Secrets keptIn(Path file) throws IOException {
    Properties values = new Properties();
    if (!Files.exists(file)) {
      values.setProperty(CLUSTER_ID, Uuid.randomUuid().toString());
      names().forEach(name -> values.setProperty(name, random()));
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      values.store(text, "Passwords of the broker's accounts. Keep for yourself.");
      OwnerOnly.write(file, text.toByteArray());
    } else {
      try (InputStream in = Files.newInputStream(file)) {
        values.load(in);
      }
    }
    for (String name : Stream.concat(Stream.of(CLUSTER_ID), names().stream()).toList()) {
      if (values.getProperty(name, "").isBlank()) {
        throw new IllegalArgumentException(file + ": " + name + " is missing");
      }
    }
    return new Secrets(values);
  }

  private static List<String> names() {
    return Stream.concat(Stream.of(CONTROLLER), Arrays.stream(Account.values()).map(Account::user))
        .toList();
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  String clusterId() {
    return values.getProperty(CLUSTER_ID);
  }

  String password(Account account) {
    return values.getProperty(account.user());
  }

  /** What the broker's own two halves know each other by. */
  String controllerPassword() {
    return values.getProperty(CONTROLLER);
  }
}
