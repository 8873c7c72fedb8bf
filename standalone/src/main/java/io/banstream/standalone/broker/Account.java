package io.banstream.standalone.broker;

import java.util.Locale;

/** Who may speak to the broker: one account a role. */
public enum Account {
  /** The broker itself, and what makes topics and rights: may do everything. */
  ADMIN,
  INGEST,
  PROCESS,
  ENFORCE,
  CONSOLE;

  /** The name that Kafka knows it by, as {@code ingest}. */
  public String user() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As an authorizer names it. */
  public String principal() {
    return "User:" + user();
  }
}
