package io.banstream.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.schemas.Role;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console: a live picture of the fleet over HTTP, and an operator's word. */
public final class Console implements Role {
  private static final Duration WEBHOOK_LIMIT = Duration.ofSeconds(10);
  private static final Duration WEBHOOK_PAUSE = Duration.ofSeconds(1);
  private static final Logger log = LoggerFactory.getLogger(Console.class);

  private final URI address;
  private final Operator operator;
  private final Optional<Mailer> mailer;
  private final Optional<Webhook> webhook;
  private final Feed feed;
  private final UserWatch userWatch;
  private final LiveEvents events;
  private final Http http;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Console(ConsoleSettings settings) {
    InstantSource clock = settings.clock();
    Bind bind = Bind.parse("http", settings.bind());
    Token token = Token.keptIn(settings.data());
    View view = new View();
    Answers answers = new Answers(view);
    UserTries tries = new UserTries();
    UsersAnswer users = new UsersAnswer(tries, settings.users());
    LiveAnswer live = new LiveAnswer(view, users, this::check);
    events = new LiveEvents(() -> live.begin(clock.instant()), () -> live.live(clock.instant()));
    mailer =
        Delivery.of(settings.mail())
            .map(
                delivery ->
                    new Mailer(
                        settings.mail().hourly(),
                        delivery,
                        new Whois("whois"),
                        Token.file(settings.data()).resolveSibling("mail"),
                        view::jailOfGroups,
                        clock));
    webhook = settings.webhook().map(t -> new Webhook(t, WEBHOOK_LIMIT, WEBHOOK_PAUSE));
    feed =
        new Feed(
            settings.kafka(),
            clock,
            view,
            announcement -> {
              mailer.ifPresent(m -> m.tell(announcement));
              settings.announcements().accept(announcement.line());
              ObjectNode json = news(answers, announcement, clock);
              webhook.ifPresent(w -> w.tell(announcement, json));
              events.tell(json);
            },
            trip -> {
              webhook.ifPresent(w -> w.tell(trip));
              settings.announcements().accept("Guard: " + trip.words());
            });
    userWatch =
        new UserWatch(
            settings.kafka(),
            clock,
            tries,
            new UserNews(settings.users(), settings.announcements()));
    operator = Operator.open(settings.kafka(), clock);
    try {
      http =
          new Http(
              bind,
              new ReadSide(view, new RecentAttempts(settings.kafka()), users, this::check),
              new Orders(view, answers, operator, clock),
              events,
              new Metrics(view, feed, events),
              token,
              clock);
    } catch (RuntimeException e) {
      operator.close();
      throw e;
    }
    address = URI.create("http://" + bind.urlHost() + ":" + http.port());
    if (!bind.isLoopback()) {
      log.warn(
          "Whoever reaches {} can read what the console shows: it asks no one's name", address);
    }
    events.start();
    feed.start();
    userWatch.start();
  }

  private static ObjectNode news(Answers answers, Announcement news, InstantSource clock) {
    ObjectNode json = answers.ban(news.decision(), clock.instant());
    news.why().ifPresent(why -> json.put("why", why));
    return json;
  }

  /**
   * Begins to listen and to read; {@link #ready()} tells when the picture is whole.
   *
   * @throws ConsoleException if nothing can listen there, or the token can't be kept
   */
  public static Console start(ConsoleSettings settings) {
    return new Console(settings);
  }

  /** Where the page is. */
  public URI address() {
    return address;
  }

  /** Done once the topics are read up to where they stood when the console began. */
  @Override
  public CompletableFuture<Void> ready() {
    return feed.ready();
  }

  @Override
  public CompletableFuture<Void> ended() {
    return feed.ended();
  }

  @Override
  public Optional<String> check() {
    return feed.check();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      events.close();
      http.close();
      userWatch.close();
      feed.close();
      mailer.ifPresent(Mailer::close);
      webhook.ifPresent(Webhook::close);
      operator.close();
    }
  }
}
