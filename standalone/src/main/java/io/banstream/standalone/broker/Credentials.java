package io.banstream.standalone.broker;

import java.util.Map;
import java.util.TreeMap;

/** How a user and a password are written for Kafka. Passwords are base64url: nothing to escape. */
final class Credentials {
  static final String MECHANISM = "SCRAM-SHA-256";

  private Credentials() {}

  static String scram(String user, String password) {
    return login("scram.ScramLoginModule", user, password) + ";";
  }

  /** What a client of the controller puts in its properties. */
  static Map<String, String> controllerClient(String bootstrap, Secrets secrets) {
    return Map.of(
        "bootstrap.controllers",
        bootstrap,
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        login("plain.PlainLoginModule", Account.ADMIN.user(), secrets.controllerPassword()) + ";");
  }

  /** Both ends in one: the name it gives, and the only one it takes. */
  static String controller(String user, String password) {
    return login("plain.PlainLoginModule", user, password)
        + String.format(" user_%s=\"%s\";", user, password);
  }

  private static String login(String module, String user, String password) {
    return String.format(
        "org.apache.kafka.common.security.%s required username=\"%s\" password=\"%s\"",
        module, user, password);
  }

  /** What a client of this account puts in its properties. */
  static Map<String, String> client(String bootstrap, Account account, Secrets secrets) {
    Map<String, String> client = new TreeMap<>();
    client.put("bootstrap.servers", bootstrap);
    client.put("security.protocol", "SASL_PLAINTEXT");
    client.put("sasl.mechanism", MECHANISM);
    client.put("sasl.jaas.config", scram(account.user(), secrets.password(account)));
    return client;
  }
}
