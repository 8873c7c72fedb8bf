package io.banstream.standalone;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Files laid out as fail2ban's. */
final class Sqlite {
  static final String BANS =
      "CREATE TABLE bans(jail TEXT NOT NULL, ip TEXT, timeofban INTEGER NOT NULL,"
          + " bantime INTEGER NOT NULL, bancount INTEGER NOT NULL DEFAULT 1, data JSON)";
  static final String BIPS =
      "CREATE TABLE bips(ip TEXT NOT NULL, jail TEXT NOT NULL, timeofban INTEGER NOT NULL,"
          + " bantime INTEGER NOT NULL, bancount INTEGER NOT NULL DEFAULT 1, data JSON)";

  private Sqlite() {}

  static void run(Path file, String... statements) throws SQLException {
    String url = "jdbc:sqlite:" + file.toAbsolutePath().toUri();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    }
  }
}
