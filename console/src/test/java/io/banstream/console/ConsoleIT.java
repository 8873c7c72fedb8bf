package io.banstream.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.Decision;
import io.banstream.schemas.Heartbeat;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.Position;
import io.banstream.schemas.SourceStatus;
import io.banstream.schemas.Totals;
import io.banstream.testkit.TestBroker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A console against a real broker, asked over HTTP. */
class ConsoleIT {
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private static final Decision STANDING =
      Samples.ban("192.0.2.1", "sshd", NOW.minusSeconds(60), Duration.ofHours(1));

  @TempDir static Path data;
  private static TestBroker broker;
  private static Fleet fleet;
  private static Console console;
  private static ConsoleClient client;
  private static final List<String> announced = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    broker = TestBroker.start();
    fleet = new Fleet(broker, "");
    try (Operator operator = Operator.open(fleet.kafka, InstantSource.system())) {
      operator.push("relays", List.of(Samples.jail("sshd", 600, "198.51.100.0/24")), false);
    }
    fleet.decided(STANDING);
    fleet.proved(STANDING, Samples.evidence(STANDING, "bob", "relay1", "relay2"));
    fleet.counted(new Totals(0, "sshd", "*", 40L, 2L, null, 7L, 1L, 0L, 0L, 0L));
    fleet.counted(new Totals(1, "sshd", "*", 2L, 1L, NOW.minusSeconds(1), 0L, 0L, 0L, 0L, 0L));
    fleet.counted(new Totals(0, "sshd", "relay1", 30L, 2L, null, 5L, 0L, 0L, 0L, 0L));
    fleet.alive(
        new Heartbeat(
            "relay1",
            "ingest",
            "relays",
            "0.1",
            NOW,
            NOW,
            List.of(new SourceStatus("/var/log/maillog", 0L, 10L, 5L, 100L, 3L, 0L, 0L, null)),
            null,
            List.of()));
    console =
        Console.start(
            new ConsoleSettings(
                fleet.kafka,
                "127.0.0.1:0",
                data,
                InstantSource.system(),
                MailSettings.NONE,
                Optional.empty(),
                UserLimits.DEFAULT,
                announced::add));
    console.ready().get(60, TimeUnit.SECONDS);
    String token = Files.readString(Token.file(data)).strip();
    client = new ConsoleClient(console.address(), Optional.of(token), "root");
  }

  @AfterAll
  static void stop() {
    console.close();
    fleet.close();
    broker.close();
  }

  @Test
  void userNamesThatAreGuessedAtAreShownAndTold() {
    for (int i = 0; i < 21; i++) {
      fleet.attempted(Samples.guess("198.51.100.250", "<b>name" + i, i));
      fleet.attempted(Samples.guess("198.51.100." + (100 + i), "victim", i));
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> client.users().at("/addresses/0/names").asInt() == 21);
    JsonNode users = client.users();
    assertThat(users.at("/addresses/0/address").asText()).isEqualTo("198.51.100.250");
    assertThat(users.at("/addresses/0/someNames/0").asText()).isEqualTo("<b>name20");
    assertThat(users.at("/names/0/name").asText()).isEqualTo("victim");
    assertThat(users.at("/names/0/addresses").asInt()).isEqualTo(21);
    assertThat(users.at("/whole").asBoolean()).isTrue();
    assertThat(StatusText.users(users))
        .containsPattern("198.51.100.250 +21 +<b>name20")
        .containsPattern("victim +21 +198.51.100.120");
    assertThat(announced)
        .contains(
            "Users: 198.51.100.250 has tried 20 user names within 1 h",
            "Users: victim was tried from 20 addresses within 1 h");
  }

  @Test
  void aConsoleWhoseLinesNobodyTakesEnds(@TempDir Path other) throws Exception {
    try (Fleet its = new Fleet(broker, "ends.");
        Console ends =
            Console.start(
                new ConsoleSettings(
                    its.kafka,
                    "127.0.0.1:0",
                    other,
                    InstantSource.system(),
                    MailSettings.NONE,
                    Optional.empty(),
                    UserLimits.DEFAULT,
                    line -> {
                      throw new IllegalStateException("nobody takes lines");
                    }))) {
      ends.ready().get(60, TimeUnit.SECONDS);
      assertThat(ends.ended()).isNotDone();
      its.decided(STANDING);
      assertThat(ends.ended())
          .failsWithin(Duration.ofSeconds(60))
          .withThrowableThat()
          .withMessageContaining("nobody takes lines");
    }
  }

  @Test
  void aBanThatNoHostWillApplySaysSo() {
    var answer =
        client.ban(
            "127.0.0.9",
            Optional.empty(),
            Optional.of(Duration.ofSeconds(1)),
            Optional.empty(),
            false);
    assertThat(answer.at("/notes/0").asText())
        .isEqualTo("127.0.0.9 is loopback: hosts will not apply the ban");
  }

  @Test
  void statusHasFail2banClientsLayout() {
    assertThat(StatusText.status(client.status()))
        .startsWith("Status\n|- Number of jail:\t")
        .contains("sshd");
    assertThat(StatusText.jail(client.status("sshd", Optional.empty())))
        .matches(
            """
            Status for the jail: sshd
            \\|- Filter
            \\|  \\|- Currently failed:\t2
            \\|  \\|- Total failed:\t42
            \\|  `- File list:\t/var/log/maillog
            `- Actions
               \\|- Currently banned:\t\\d+
               \\|- Total banned:\t7
               `- Banned IP list:\t.*192\\.0\\.2\\.1( .*)?""");
    JsonNode onHost = client.status("sshd", Optional.of("relay1"));
    assertThat(onHost.path("totalFailed").asLong()).isEqualTo(30);
    assertThat(onHost.path("totalBanned").asLong()).isEqualTo(5);
  }

  @Test
  void unknownNamesAreToldWithThoseThatThereAre() {
    assertThatThrownBy(() -> client.status("nope", Optional.empty()))
        .isInstanceOf(ConsoleException.class)
        .hasMessageStartingWith("jail = nope, not known; known: ")
        .hasMessageContaining("sshd");
    assertThatThrownBy(() -> client.status("sshd", Optional.of("relay9")))
        .hasMessage("host = relay9, not known; known: relay1");
  }

  @Test
  void bansCarryTheirHostsAndTimes() {
    JsonNode bans = client.bans(Optional.of("sshd"), Optional.empty()).path("bans");
    JsonNode ban =
        StreamSupport.stream(bans.spliterator(), false)
            .filter(b -> b.path("address").asText().equals("192.0.2.1"))
            .findFirst()
            .orElseThrow();
    assertThat(ban.path("hosts").toString()).isEqualTo("[\"relay1\",\"relay2\"]");
    assertThat(ban.path("until").asText()).isEqualTo(STANDING.getUntil().toString());
    assertThat(ban.path("inForce").asBoolean()).isTrue();
  }

  @Test
  void explainTellsEvidenceAndAttempts() {
    fleet.attempted(attempt("203.0.113.77", "eve"));
    JsonNode banned = client.explain("192.0.2.1");
    assertThat(banned.path("summary").asText()).startsWith("Banned on every host until ");
    assertThat(banned.path("bans").get(0).path("evidence")).hasSize(2);
    await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(
            () -> {
              JsonNode near = client.explain("203.0.113.77");
              assertThat(near.path("attempts")).hasSize(1);
              assertThat(near.path("jails").get(0).path("state").asText())
                  .isEqualTo("1 of 3 failures in the last 10 min, 2 more ban it");
            });
    assertThat(client.explain("203.0.113.0/24").path("attempts")).hasSize(1);
    assertThat(client.explain("198.51.100.4").path("jails").get(0).path("state").asText())
        .isEqualTo("never counted: ignoreip has 198.51.100.0/24");
    assertThatThrownBy(() -> client.explain("nobody"))
        .hasMessage("address = nobody, expected an IP address or network");
  }

  @Test
  void aGuardThatTripsIsToldOnceAndExplained() {
    Decision limited = Samples.ban("192.0.2.150", "sshd", NOW, Duration.ofHours(1));
    limited.setReach("relay1");
    limited.setLimited(true);
    fleet.decided(limited);
    fleet.alerted(Samples.alert("relay1", "sshd", 0, NOW));
    fleet.alerted(Samples.alert("relay1", "sshd", 1, NOW.plusSeconds(2)));
    String words =
        "relay1's word alone has made 500 bans on the other hosts within 1 h:"
            + " further ones reach relay1 only (guard.bans of sshd)";
    await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(
            () -> assertThat(client.alerts().at("/alerts/0/words").asText()).isEqualTo(words));
    assertThat(client.alerts().path("alerts")).hasSize(1);
    assertThat(announced).filteredOn(line -> line.startsWith("Guard: relay1's word")).hasSize(1);
    await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(client.explain("192.0.2.150").at("/jails/0/state").asText())
                    .startsWith("banned on relay1 until ")
                    .endsWith(
                        "; on relay1 only, whose word alone has made too many bans on the others"
                            + " (guard.bans)"));
    assertThat(StatusText.explain(client.explain("192.0.2.150")))
        .contains(", limited to relay1 by the guard");
  }

  private static Attempt attempt(String address, String user) {
    return new Attempt(
        Outcome.FAILURE,
        "sshd",
        address,
        "relay1",
        Instant.now(),
        new Position("i", "/var/log/maillog", 0L, 1L, 0),
        user,
        "Failed password for " + user + " from " + address);
  }

  @Test
  void bansAndUnbansAreAnnouncedOnceAndStandingOnesNot() {
    Instant from = Instant.now();
    Decision ban = Samples.ban("192.0.2.50", "sshd", from, Duration.ofHours(2));
    Decision past = Samples.ban("192.0.2.51", "sshd", from.minusSeconds(7300), Duration.ofHours(2));
    fleet.decided(ban);
    fleet.decided(ban);
    fleet.decided(past);
    fleet.proved(ban, Samples.evidence(ban, "bob", "relay2", "relay1", "relay2"));
    fleet.decided(Samples.unban("192.0.2.50", "sshd", Instant.now()));
    await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(announced).anyMatch(l -> l.startsWith("Unban 192.0.2.50")));
    String until = ban.getUntil().truncatedTo(ChronoUnit.SECONDS).toString();
    assertThat(announced.stream().filter(l -> l.contains("192.0.2.5")).toList())
        .containsExactly(
            "Ban 192.0.2.50 in sshd until " + until + ": 3 failures on relay1, relay2",
            "Unban 192.0.2.50 in sshd: lifted");
    assertThat(announced).noneMatch(l -> l.contains("192.0.2.1 "));
  }

  @Test
  void ordersAreWrittenAndAnswered() {
    JsonNode banned =
        client.ban(
            "192.0.2.99",
            Optional.empty(),
            Optional.of(Duration.ofHours(4)),
            Optional.of("spam"),
            false);
    assertThat(banned.path("jail").asText()).isEqualTo("manual");
    assertThat(client.unban("192.0.2.98", Optional.empty(), false, Optional.empty()).path("notes"))
        .hasSize(1);
    client.allow("203.0.113.0/24", Optional.empty(), Optional.of("customer"), false);
    await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> StatusText.allows(client.allows()).contains("203.0.113.0/24"));
    client.disallow("203.0.113.0/24", Optional.empty());
    await().atMost(30, TimeUnit.SECONDS).until(() -> client.allows().path("allows").isEmpty());
    JsonNode pushed =
        client.push("relays", List.of(Samples.jail("sshd", 600, "198.51.100.0/24")), false);
    assertThat(pushed.path("version").asLong()).isEqualTo(1);
  }

  @Test
  void badOrdersAreRefusedInOneLine() {
    assertThatThrownBy(() -> ban("0.0.0.0/0"))
        .hasMessage("target = 0.0.0.0/0: every address, never taken");
    assertThatThrownBy(() -> ban("10.0.0.0/8"))
        .hasMessage("target = 10.0.0.0/8: wider than /16, taken only with --yes");
    assertThatThrownBy(() -> ban("example.com"))
        .hasMessage("address = example.com, expected an IP address or network");
    assertThatThrownBy(() -> client.disallow("192.0.2.200", Optional.empty()))
        .hasMessageStartingWith("target = 192.0.2.200, not known");
    ConsoleClient stranger = new ConsoleClient(console.address(), Optional.of("guess"), "eve");
    assertThatThrownBy(() -> stranger.disallow("192.0.2.200", Optional.empty()))
        .hasMessageContaining("token");
    ConsoleClient nowhere =
        new ConsoleClient(URI.create("http://127.0.0.1:1"), Optional.empty(), "eve");
    assertThatThrownBy(nowhere::status)
        .hasMessageStartingWith("no console answers at http://127.0.0.1:1: ");
  }

  private static JsonNode ban(String address) {
    return client.ban(address, Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  @Test
  void aBodyThatIsTooLargeOrNoOrderIsRefused() throws Exception {
    assertThat(post("ban", "{".repeat(9_000_000)).statusCode()).isEqualTo(413);
    assertThat(post("ban", "{\"adress\":\"192.0.2.1\"}").body()).contains("adress is no key");
    assertThat(post("ban", "no json").statusCode()).isEqualTo(400);
    assertThat(post("ban", "{\"address\":\"192.0.2.1\",\"for\":\"4h\"}").body())
        .contains("for = \\\"4h\\\", expected seconds");
    assertThat(post("jails", "{\"group\":\"relays\",\"jails\":[\"AAAA\"]}").statusCode())
        .isEqualTo(400);
  }

  private static HttpResponse<String> post(String order, String body) throws Exception {
    String token = Files.readString(Token.file(data)).strip();
    HttpRequest request =
        HttpRequest.newBuilder(console.address().resolve("/api/v1/" + order))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void pagesCarryTheHeadersThatKeepBrowsersStrict() throws Exception {
    HttpResponse<String> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(page.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void aNameThatIsNotOursIsNotAnswered() throws Exception {
    try (var socket = new Socket("127.0.0.1", console.address().getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /api/v1/status HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n"
                  .getBytes());
      assertThat(new String(socket.getInputStream().readAllBytes()))
          .startsWith("HTTP/1.1 421")
          .doesNotContain("jails");
    }
  }

  @Test
  void pagesThatCloseAreLetGoAndNotMoreThanSoManyAreOpen() throws Exception {
    List<Socket> pages = new ArrayList<>();
    try {
      for (int i = 0; i < LiveEvents.PAGES; i++) {
        pages.add(page("event: begin"));
      }
      pages.add(page("event: busy"));
    } finally {
      for (Socket page : pages) {
        page.close();
      }
    }
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> get("/metrics").body().contains("banstream_console_pages 0.0"));
    page("event: begin").close();
  }

  /** A browser's stream of events, read until it begins as expected. */
  private static Socket page(String expected) throws Exception {
    Socket socket = new Socket("127.0.0.1", console.address().getPort());
    socket.setSoTimeout(60_000);
    socket
        .getOutputStream()
        .write("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
    var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    String line = in.readLine();
    while (!line.startsWith("event: ")) {
      line = in.readLine();
    }
    assertThat(line).isEqualTo(expected);
    return socket;
  }

  @Test
  void metricsNameJailsAndHostsOnly() throws Exception {
    String metrics = get("/metrics").body();
    assertThat(metrics)
        .contains("banstream_failures_total{jail=\"sshd\"} 42.0")
        .contains("banstream_agent_lag_bytes{host=\"relay1\",role=\"ingest\"} 5.0")
        .doesNotContain("192.0.2.");
    assertThat(get("/healthz").body()).isEqualTo("{\"status\":\"ok\"}");
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(console.address().resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void theTokenIsItsOwnersAlone() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Token.file(data))))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(Token.file(data).getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void aPortInUseIsToldInOneLine() {
    String bind = "127.0.0.1:" + console.address().getPort();
    assertThatThrownBy(
            () ->
                Console.start(
                    new ConsoleSettings(
                        fleet.kafka,
                        bind,
                        data,
                        InstantSource.system(),
                        MailSettings.NONE,
                        Optional.empty(),
                        UserLimits.DEFAULT,
                        line -> {})))
        .isInstanceOf(ConsoleException.class)
        .hasMessageStartingWith("http = " + bind + ": can't listen there: ");
  }
}
