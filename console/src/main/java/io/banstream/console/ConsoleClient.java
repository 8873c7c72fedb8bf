package io.banstream.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.jails.Jail;
import io.banstream.jails.JailRecords;
import io.banstream.schemas.AvroSerde;
import io.banstream.schemas.JailRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Asks a console. Every method gives the console's JSON as it is, or throws {@link
 * ConsoleException} with one line for the user: the console's own where it refuses, its address
 * where it does not answer. {@link StatusText} makes the answers text for a terminal.
 */
public final class ConsoleClient {
  private static final int CONNECT_MS = 5_000;
  private static final int READ_MS = 60_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String base;
  private final Optional<String> token;
  private final String who;

  /**
   * @param console the console's address, as {@code http://127.0.0.1:8080}
   * @param token the console's token; needed for what changes something
   * @param who the operator's name, kept with each order
   */
  public ConsoleClient(URI console, Optional<String> token, String who) {
    String text = console.toString();
    this.base = (text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + "/api/v1/";
    this.token = Objects.requireNonNull(token);
    this.who = Objects.requireNonNull(who);
  }

  /** All jails' figures. */
  public JsonNode status() {
    return get("status");
  }

  /**
   * One jail's figures.
   *
   * @param host only this host's; empty: the fleet's
   */
  public JsonNode status(String jail, Optional<String> host) {
    return get("status/" + part(jail) + query("host", host, '?'));
  }

  /** The bans in force. */
  public JsonNode bans(Optional<String> jail, Optional<String> host) {
    String first = query("jail", jail, '?');
    return get("bans" + first + query("host", host, first.isEmpty() ? '?' : '&'));
  }

  public JsonNode explain(String address) {
    return get("explain/" + part(address));
  }

  public JsonNode hosts() {
    return get("hosts");
  }

  public JsonNode allows() {
    return get("allows");
  }

  /** Guards that tripped, newest first. */
  public JsonNode alerts() {
    return get("alerts");
  }

  /** Addresses that try many user names, and names that many addresses try. */
  public JsonNode users() {
    return get("users");
  }

  public JsonNode jails() {
    return get("jails");
  }

  /**
   * @param jail empty: {@code manual}
   * @param length empty: the jail's own bantime, for {@code manual} for ever; {@link Duration#ZERO}
   *     or less: for ever
   * @param confirmed a network wider than /16 (IPv6: /32) is meant
   */
  public JsonNode ban(
      String address,
      Optional<String> jail,
      Optional<Duration> length,
      Optional<String> why,
      boolean confirmed) {
    ObjectNode order = order(why).put("address", address).put("confirmed", confirmed);
    jail.ifPresent(j -> order.put("jail", j));
    length.ifPresent(l -> order.put("for", seconds(l)));
    return post("ban", order);
  }

  /**
   * @param jail only this jail's bans; empty: every jail's
   */
  public JsonNode unban(
      String address, Optional<String> jail, boolean keepHistory, Optional<String> why) {
    ObjectNode order = order(why).put("address", address).put("keepHistory", keepHistory);
    jail.ifPresent(j -> order.put("jail", j));
    return post("unban", order);
  }

  /**
   * @param target an address, a network or a host name
   * @param length empty: until it is withdrawn
   */
  public JsonNode allow(
      String target, Optional<Duration> length, Optional<String> why, boolean confirmed) {
    ObjectNode order = order(why).put("target", target).put("confirmed", confirmed);
    length.ifPresent(l -> order.put("for", seconds(l)));
    return post("allow", order);
  }

  public JsonNode disallow(String target, Optional<String> why) {
    return post("disallow", order(why).put("target", target));
  }

  /**
   * Bans that another system decided on a host, in the order of their begin.
   *
   * @param bans a list of jail, address, from (seconds since 1970), for (seconds; -1: for ever;
   *     missing: the jail's bantime)
   */
  public JsonNode take(String host, ArrayNode bans, Optional<String> why) {
    ObjectNode order = order(why).put("host", host);
    order.set("bans", bans);
    return post("import", order);
  }

  /** As {@link Operator#push}. */
  public JsonNode push(String group, List<Jail> jails, boolean policyRules) {
    ObjectNode order = order(Optional.empty()).put("group", group).put("policy", policyRules);
    var serde = new AvroSerde<>(JailRecord.class, Optional.empty()).serializer();
    var list = order.putArray("jails");
    for (Jail jail : jails) {
      byte[] record = serde.serialize("", JailRecords.record(group, 0, jail));
      list.add(Base64.getEncoder().encodeToString(record));
    }
    return post("jails", order);
  }

  private ObjectNode order(Optional<String> why) {
    ObjectNode order = JSON.createObjectNode().put("who", who);
    why.ifPresent(w -> order.put("why", w));
    return order;
  }

  /** For ever is -1, as in jail.conf. */
  private static long seconds(Duration length) {
    return length.isZero() || length.isNegative() ? -1 : length.toSeconds();
  }

  private static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String query(String key, Optional<String> value, char before) {
    return value.map(v -> before + key + "=" + part(v)).orElse("");
  }

  private JsonNode get(String path) {
    return call(path, Optional.empty());
  }

  private JsonNode post(String path, ObjectNode body) {
    return call(path, Optional.of(body));
  }

  private JsonNode call(String path, Optional<ObjectNode> body) {
    try {
      HttpURLConnection http = (HttpURLConnection) URI.create(base + path).toURL().openConnection();
      http.setConnectTimeout(CONNECT_MS);
      http.setReadTimeout(READ_MS);
      token.ifPresent(t -> http.setRequestProperty("Authorization", "Bearer " + t));
      if (body.isPresent()) {
        http.setRequestMethod("POST");
        http.setDoOutput(true);
        http.setRequestProperty("Content-Type", "application/json");
        http.getOutputStream().write(JSON.writeValueAsBytes(body.get()));
      }
      return answer(http);
    } catch (IOException | IllegalArgumentException e) {
      String console = base.substring(0, base.length() - "/api/v1/".length());
      String why = e instanceof UnknownHostException ? "no such host" : e.getMessage();
      throw new ConsoleException("no console answers at " + console + ": " + why, e);
    }
  }

  private static JsonNode answer(HttpURLConnection http) throws IOException {
    int code = http.getResponseCode();
    boolean fine = code < 400;
    try (InputStream in = fine ? http.getInputStream() : http.getErrorStream()) {
      byte[] bytes = in == null ? new byte[0] : in.readAllBytes();
      JsonNode answer = parse(bytes);
      if (fine && answer != null) {
        return answer;
      }
      String why = answer == null ? "" : answer.path("error").asText();
      throw new ConsoleException(
          why.isEmpty() ? "the console answered " + code + " without a reason" : Plain.text(why));
    }
  }

  private static JsonNode parse(byte[] bytes) throws IOException {
    try {
      return bytes.length == 0 ? null : JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      return null; // not a console's answer: a proxy's page, say
    }
  }
}
