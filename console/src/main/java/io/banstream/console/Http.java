package io.banstream.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.schemas.Address;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinLogger;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The interface over HTTP: routes, who may pass, and what goes wrong as one line of JSON. */
final class Http implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Http.class);
  private static final long LARGEST_BODY = 8_000_000; // a push with every filter of fail2ban
  private static final int THREADS = LiveEvents.PAGES + 24;
  private static final String API = "/api/v1/";

  /** What a browser may do with a page of ours: our own files, and nothing inline. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final Map<String, String> PAGE =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "console.css", "text/css; charset=utf-8",
          "console.js", SCRIPT,
          "dom.js", SCRIPT,
          "chart.js", SCRIPT,
          "explain.js", SCRIPT,
          "orders.js", SCRIPT,
          "icon.svg", "image/svg+xml");

  private final ReadSide reads;
  private final Orders orders;
  private final LiveEvents events;
  private final Metrics metrics;
  private final Token token;
  private final HostCheck hosts;
  private final InstantSource clock;
  private final Javalin server;

  Http(
      Bind bind,
      ReadSide reads,
      Orders orders,
      LiveEvents events,
      Metrics metrics,
      Token token,
      InstantSource clock) {
    this.reads = reads;
    this.orders = orders;
    this.events = events;
    this.metrics = metrics;
    this.token = token;
    this.hosts = HostCheck.of(bind);
    this.clock = clock;
    // What goes wrong is told by the exception at start, and by the answer afterwards.
    JavalinLogger.enabled = false;
    this.server = Javalin.create(this::configure);
    start(bind);
  }

  private void start(Bind bind) {
    try {
      server.start(bind.host(), bind.port());
    } catch (RuntimeException e) {
      server.stop();
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      throw new ConsoleException(
          "http = "
              + bind.urlHost()
              + ":"
              + bind.port()
              + ": can't listen there: "
              + root.getMessage(),
          e);
    }
  }

  int port() {
    return server.port();
  }

  private void configure(JavalinConfig c) {
    c.startup.showJavalinBanner = false;
    c.startup.showOldJavalinVersionWarning = false;
    c.startup.startupWatcherEnabled = false;
    c.http.maxRequestSize = LARGEST_BODY;
    c.jetty.threadPool = new QueuedThreadPool(THREADS, 4);
    c.routes.before(this::admit);
    readRoutes(c);
    orderRoutes(c);
    PAGE.forEach((file, type) -> page(c, "/" + file, file, type));
    page(c, "/", "index.html", PAGE.get("index.html"));
    errors(c);
  }

  private void admit(Context ctx) {
    HEADERS.forEach(ctx::header);
    if (!hosts.admits(ctx.header("Host"))) {
      throw new HttpResponseException(
          421,
          "Host = " + Plain.text("" + ctx.header("Host")) + ", expected this console's address");
    }
  }

  private void readRoutes(JavalinConfig c) {
    c.routes.get(API + "status", ctx -> json(ctx, reads.answers().status(clock.instant())));
    c.routes.get(
        API + "status/{jail}",
        ctx ->
            json(
                ctx,
                reads
                    .answers()
                    .status(ctx.pathParam("jail"), query(ctx, "host"), clock.instant())));
    c.routes.get(
        API + "bans",
        ctx ->
            json(
                ctx,
                reads.answers().bans(query(ctx, "jail"), query(ctx, "host"), clock.instant())));
    // An address may be a network: its slash is part of the path, or comes as %2F.
    c.routes.get(API + "explain/<address>", ctx -> json(ctx, explain(ctx.pathParam("address"))));
    c.routes.get(API + "hosts", ctx -> json(ctx, reads.hosts().hosts(clock.instant())));
    c.routes.get(API + "allows", ctx -> json(ctx, reads.answers().allows(clock.instant())));
    c.routes.get(API + "jails", ctx -> json(ctx, reads.answers().jails()));
    c.routes.get(API + "alerts", ctx -> json(ctx, reads.answers().alerts()));
    c.routes.get(
        API + "users", ctx -> json(ctx, reads.users().users(UsersAnswer.MOST, clock.instant())));
    c.routes.get(API + "dead-letters", ctx -> json(ctx, reads.answers().deadLetters()));
    c.routes.get(API + "events", ctx -> events.serve(ctx.res()));
    c.routes.get(
        "/metrics",
        ctx ->
            ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(metrics.scrape(clock.instant())));
    c.routes.get(
        "/healthz",
        ctx -> {
          Optional<String> trouble = reads.trouble();
          ctx.status(trouble.isEmpty() ? 200 : 503);
          json(ctx, Json.object().put("status", trouble.orElse("ok")));
        });
  }

  private ObjectNode explain(String text) {
    Address address =
        Address.tryParse(text.strip())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "address = " + Plain.text(text) + ", expected an IP address or network"));
    return reads.explain(address, clock.instant());
  }

  private void orderRoutes(JavalinConfig c) {
    order(c, "ban", orders::ban);
    order(c, "unban", orders::unban);
    order(c, "allow", orders::allow);
    order(c, "disallow", orders::disallow);
    order(c, "import", orders::take);
    order(c, "jails", orders::push);
  }

  private void order(JavalinConfig c, String path, Function<byte[], ObjectNode> order) {
    c.routes.post(
        API + path,
        ctx -> {
          if (!token.admits(ctx.header("Authorization"))) {
            ctx.header("WWW-Authenticate", "Bearer");
            throw new HttpResponseException(
                401, "this needs the console's token: console/token in its data folder");
          }
          json(ctx, order.apply(ctx.bodyAsBytes()));
        });
  }

  private static void page(JavalinConfig c, String path, String file, String type) {
    try (InputStream in = Http.class.getResourceAsStream("/console/" + file)) {
      byte[] bytes = in.readAllBytes();
      c.routes.get(path, ctx -> ctx.contentType(type).result(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void errors(JavalinConfig c) {
    c.routes.exception(IllegalArgumentException.class, (e, ctx) -> error(ctx, 400, e.getMessage()));
    c.routes.exception(Answers.UnknownName.class, (e, ctx) -> error(ctx, 404, e.getMessage()));
    c.routes.exception(ConsoleException.class, (e, ctx) -> error(ctx, 503, e.getMessage()));
    c.routes.exception(
        HttpResponseException.class, (e, ctx) -> error(ctx, e.getStatus(), e.getMessage()));
    c.routes.exception(
        Exception.class,
        (e, ctx) -> {
          log.error("{} {} failed", ctx.method(), ctx.endpoint().path, e);
          error(ctx, 500, "the console failed at this: its log says how");
        });
  }

  private static void error(Context ctx, int status, String message) {
    ctx.status(status);
    json(ctx, Json.object().put("error", message));
  }

  private static Optional<String> query(Context ctx, String key) {
    return Optional.ofNullable(ctx.queryParam(key)).filter(v -> !v.isEmpty());
  }

  private static void json(Context ctx, ObjectNode answer) {
    ctx.contentType("application/json").result(answer.toString());
  }

  @Override
  public void close() {
    server.stop();
  }
}
