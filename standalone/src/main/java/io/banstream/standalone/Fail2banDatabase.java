package io.banstream.standalone;

import io.banstream.schemas.Address;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * fail2ban's sqlite file. Up to fail2ban 0.10 its table {@code bans} has no bantime; since 0.11
 * {@code bips} holds the last ban of each address beside it, also one that {@code bans} has
 * forgotten. An unban takes an address out of both.
 */
final class Fail2banDatabase {
  private static final String COLUMNS = "SELECT jail, ip, timeofban";
  private static final String ORDER = " ORDER BY timeofban, jail, ip";

  private Fail2banDatabase() {}

  /**
   * One ban.
   *
   * @param address empty: what was banned is no address
   * @param bantime seconds, -1 for ever; empty: not recorded, the jail's holds
   */
  record Row(String jail, Optional<Address> address, Instant from, OptionalLong bantime) {}

  /**
   * Its bans, oldest first. The file is only read, fail2ban may be at work on it.
   *
   * @throws IllegalArgumentException if it is no database of fail2ban's
   */
  static List<Row> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isReadable(file)) {
      throw new AccessDeniedException(file.toString());
    }
    String url = "jdbc:sqlite:" + file.toAbsolutePath().toUri() + "?mode=ro";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet bans = statement.executeQuery(query(connection))) {
      List<Row> rows = new ArrayList<>();
      while (bans.next()) {
        rows.add(row(bans));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalArgumentException(
          file + ": can't be read as fail2ban's database: " + e.getMessage(), e);
    }
  }

  private static String query(Connection connection) throws SQLException {
    if (!columns(connection, "bans").contains("bantime")) {
      return COLUMNS + ", NULL AS bantime FROM bans" + ORDER;
    }
    String bans = COLUMNS + ", bantime FROM bans";
    boolean bips = !columns(connection, "bips").isEmpty();
    return bans + (bips ? " UNION " + COLUMNS + ", bantime FROM bips" : "") + ORDER;
  }

  private static Set<String> columns(Connection connection, String table) throws SQLException {
    Set<String> names = new HashSet<>();
    try (ResultSet columns = connection.getMetaData().getColumns(null, null, table, null)) {
      while (columns.next()) {
        names.add(columns.getString("COLUMN_NAME"));
      }
    }
    return names;
  }

  private static Row row(ResultSet ban) throws SQLException {
    long bantime = ban.getLong("bantime");
    boolean recorded = !ban.wasNull() && bantime >= -1; // -2 stands in an upgraded file
    return new Row(
        ban.getString("jail"),
        Address.tryParse(ban.getString("ip")),
        Instant.ofEpochSecond(ban.getLong("timeofban")),
        recorded ? OptionalLong.of(bantime) : OptionalLong.empty());
  }
}
