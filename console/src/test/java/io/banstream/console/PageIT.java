package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.banstream.schemas.Decision;
import io.banstream.schemas.Enforcement;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.Heartbeat;
import io.banstream.schemas.SourceStatus;
import io.banstream.schemas.Totals;
import io.banstream.testkit.TestBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The page in a real browser, against a real console and broker. */
class PageIT {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final String HOSTILE =
      "<img src=x onerror=\"document.title='owned'\">\u202Egpj.exe";
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  @TempDir static Path data;
  private static TestBroker broker;
  private static Fleet fleet;
  private static Console console;
  private static ChromeDriver browser;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Files.isExecutable(CHROMIUM), "no " + CHROMIUM);
    assumeTrue(Files.isExecutable(DRIVER), "no " + DRIVER);
    broker = TestBroker.start();
    fleet = new Fleet(broker, "");
    try (Operator operator = Operator.open(fleet.kafka, InstantSource.system())) {
      operator.push(
          "relays",
          List.of(
              Samples.jail("postfix-sasl", 3600),
              Samples.jail("dovecot", 3600),
              Samples.jail("recidive", 604_800)),
          false);
    }
    history();
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
                line -> {}));
    console.ready().get(60, TimeUnit.SECONDS);
    browser = browser();
  }

  private static void history() {
    for (int i = 0; i < 14; i++) {
      Decision d =
          Samples.ban(
              i % 5 == 4 ? "2001:db8:0:" + i + "::/64" : "192.0.2." + (10 + i),
              i % 3 == 0 ? "dovecot" : "postfix-sasl",
              NOW.minusSeconds(400L * i + 90),
              Duration.ofHours(1));
      fleet.decided(d);
      fleet.proved(d, Samples.evidence(d, "user" + i, "relay1", "relay2"));
    }
    for (int i = 0; i < 3; i++) {
      Decision again =
          Samples.ban(
              "203.0.113.66",
              "postfix-sasl",
              NOW.minusSeconds(20_000L - 5_000 * i),
              Duration.ofHours(1));
      fleet.decided(again);
      fleet.proved(again, Samples.evidence(again, HOSTILE, "relay1"));
    }
    Decision worst =
        Samples.ban("203.0.113.66", "recidive", NOW.minusSeconds(9_000), Duration.ofDays(7));
    fleet.decided(worst);
    Evidence evidence = Samples.evidence(worst, null, "relay1");
    fleet.proved(worst, evidence);
    Decision limited =
        Samples.ban("203.0.113.77", "dovecot", NOW.minusSeconds(60), Duration.ofHours(1));
    limited.setReach("relay2");
    limited.setLimited(true);
    fleet.decided(limited);
    fleet.proved(limited, Samples.evidence(limited, "bob", "relay2"));
    fleet.alerted(Samples.alert("relay2", "dovecot", 0, NOW.minusSeconds(60)));
    for (String host : List.of("relay1", "relay2", "relay3")) {
      boolean sick = host.equals("relay3");
      fleet.alive(
          new Heartbeat(
              host,
              "ingest",
              "relays",
              "0.1",
              NOW,
              NOW,
              List.of(
                  new SourceStatus(
                      "/var/log/maillog",
                      0L,
                      10L,
                      sick ? 48_213L : 0L,
                      182_044L,
                      311L,
                      0L,
                      0L,
                      sick ? "permission denied" : null)),
              null,
              List.of()));
      fleet.enforced(
          new Enforcement(
              host, "postfix-sasl", "ipset", NOW, 11, 40L, 0L, null, List.of(), Map.of(), 0L));
    }
    fleet.counted(new Totals(0, "postfix-sasl", "*", 4_211L, 6L, null, 310L, 12L, 3L, 0L, 0L));
    fleet.counted(new Totals(0, "dovecot", "*", 902L, 1L, null, 71L, 0L, 0L, 0L, 0L));
  }

  private static ChromeDriver browser() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toString());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + data.resolve("browser"));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    return new ChromeDriver(service, options);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.quit();
    }
    if (console != null) {
      console.close();
    }
    if (fleet != null) {
      fleet.close();
      broker.close();
    }
  }

  @BeforeEach
  void open() {
    browser.manage().logs().get(LogType.BROWSER); // what another test was refused is no complaint
    browser.manage().window().setSize(new Dimension(1360, 1000));
    browser.get(console.address().toString());
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> browser.findElement(By.id("link")).getText().equals("Live"));
  }

  @Test
  void showsWhatStandsAndWhatComes() throws Exception {
    assertThat(text("t-bans")).contains("192.0.2.10", "3 failures on relay1, relay2");
    assertThat(text("t-jails")).contains("postfix-sasl", "4,211");
    assertThat(text("t-hosts")).contains("relay3", "permission denied");
    assertThat(text("t-offenders")).contains("203.0.113.66");
    Decision d = Samples.ban("198.51.100.77", "dovecot", Instant.now(), Duration.ofHours(1));
    fleet.decided(d);
    fleet.proved(d, Samples.evidence(d, "bob", "relay2"));
    for (int i = 1; i < 9; i++) {
      fleet.counted(new Totals(0, "dovecot", "*", 902L + i * i, 1L, null, 72L, 0L, 0L, 0L, 0L));
    }
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> text("t-bans").startsWith(time(d) + " 198.51.100.77 dovecot"));
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> !browser.findElement(By.id("peak")).getText().equals("no failures"));
    picture("wide");
    assertNoComplaints();
  }

  @Test
  void aGuardThatTrippedStandsAboveAllAndInItsBans() {
    assertThat(text("alerts"))
        .startsWith("Guard, ")
        .contains("relay2's word alone has made 250 bans on the other hosts within 1 h");
    assertThat(text("t-bans")).contains("3 failures on relay2, limited to relay2 by the guard");
    browser.findElement(By.id("ask-address")).sendKeys("203.0.113.77", Keys.ENTER);
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> text("e-body").contains("limited to relay2 by the guard"));
    browser.findElement(By.id("e-close")).click();
    assertNoComplaints();
  }

  private static String time(Decision d) {
    return LocalTime.ofInstant(d.getFrom(), ZoneId.systemDefault())
        .truncatedTo(ChronoUnit.SECONDS)
        .format(DateTimeFormatter.ofPattern("HH:mm:ss"));
  }

  @Test
  void textFromLogsStaysText() throws Exception {
    browser.findElement(By.id("ask-address")).sendKeys("203.0.113.66", Keys.ENTER);
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> text("e-body").contains("<img src=x onerror="));
    assertThat(text("e-body")).contains("\uFFFDgpj.exe").doesNotContain("\u202E");
    assertThat(browser.findElements(By.cssSelector("#explain img"))).isEmpty();
    assertThat(browser.getTitle()).endsWith("Banstream");
    picture("explain");
    browser.findElement(By.id("e-close")).click();
    assertNoComplaints();
  }

  @Test
  void userNamesThatAreGuessedAtStayText() {
    for (int i = 0; i < 20; i++) {
      fleet.attempted(Samples.guess("192.0.2.250", "<img src=x onerror=alert(1)>" + i, i));
    }
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(
            () ->
                text("t-users").contains("192.0.2.250 20 names <img src=x onerror=alert(1)>19, "));
    assertThat(browser.findElements(By.cssSelector("#t-users img"))).isEmpty();
    assertNoComplaints();
  }

  @Test
  void anOrderNeedsTheTokenAndIsTakenWithIt() throws Exception {
    browser.findElement(By.id("o-target")).sendKeys("198.51.100.200");
    browser.findElement(By.id("o-token")).sendKeys("guess", Keys.ENTER);
    await().atMost(60, TimeUnit.SECONDS).until(() -> text("o-answer").contains("token"));
    browser.findElement(By.id("o-token")).clear();
    browser
        .findElement(By.id("o-token"))
        .sendKeys(Files.readString(Token.file(data)).strip(), Keys.ENTER);
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> text("o-answer").startsWith("Ordered: ban 198.51.100.200 in manual until "));
    browser.navigate().refresh();
    assertThat(browser.findElement(By.id("o-token")).getDomProperty("value")).isNotEmpty();
  }

  @Test
  void fitsANarrowScreenAndADarkRoom() throws Exception {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
    picture("dark");
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 390, "height", 844, "deviceScaleFactor", 1, "mobile", true));
    Long overflow =
        (Long)
            browser.executeScript(
                "return document.documentElement.scrollWidth - window.innerWidth");
    picture("narrow");
    browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
    assertThat(overflow).isLessThanOrEqualTo(0);
  }

  private static String text(String id) {
    return browser.findElement(By.id(id)).getText();
  }

  /** What a strict content policy or a script's fault would leave in the browser's log. */
  private static void assertNoComplaints() {
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
        .noneMatch(e -> e.getLevel().intValue() >= Level.SEVERE.intValue());
  }

  /** Kept in the build's folder, to be looked at. */
  private static void picture(String name) throws Exception {
    Path folder = Files.createDirectories(Path.of("target", "page"));
    Files.write(folder.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
  }
}
