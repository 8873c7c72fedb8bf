package io.banstream.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.banstream.console.Bind;
import io.banstream.processor.Processor;
import io.banstream.processor.ProcessorFigures;
import io.banstream.processor.ProcessorSettings;
import io.banstream.schemas.Role;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A processor whose figures are printed once a minute, and served to Prometheus where asked for.
 */
final class MeasuredProcessor implements Role {
  private static final long PRINT_EVERY_S = 60;

  private final Processor processor;
  private final Optional<HttpServer> server;
  private final PrintWriter out;
  private final ScheduledExecutorService printer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "processor-figures");
            thread.setDaemon(true);
            return thread;
          });
  private long processed;

  private MeasuredProcessor(Processor processor, Optional<HttpServer> server, PrintWriter out) {
    this.processor = processor;
    this.server = server;
    this.out = out;
  }

  /**
   * @param metrics HOST:PORT, where they are to be served
   * @throws IllegalArgumentException if that is none, or is taken
   */
  static MeasuredProcessor start(
      ProcessorSettings settings, Optional<String> metrics, PrintWriter out) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Optional<HttpServer> server = metrics.map(text -> server(text, registry));
    Processor processor = Processor.start(settings);
    if (server.isPresent()) {
      processor.measuredBy(registry);
      server.get().start();
    }
    MeasuredProcessor measured = new MeasuredProcessor(processor, server, out);
    measured.printer.scheduleAtFixedRate(
        measured::print, PRINT_EVERY_S, PRINT_EVERY_S, TimeUnit.SECONDS);
    return measured;
  }

  private static HttpServer server(String text, PrometheusMeterRegistry registry) {
    Bind bind = Bind.parse("metrics", text);
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(bind.host(), bind.port()), 0);
      server.createContext("/metrics", exchange -> answer(exchange, registry.scrape()));
      return server;
    } catch (IOException e) {
      throw new IllegalArgumentException("metrics = " + text + ": " + e.getMessage(), e);
    }
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream to = exchange.getResponseBody()) {
      to.write(body);
    }
  }

  private void print() {
    ProcessorFigures f = processor.figures();
    out.printf(
        "%,d records, %,d a second, lag %,d, %,d addresses, state %.1f MiB%n",
        f.processed(),
        (f.processed() - processed) / PRINT_EVERY_S,
        f.lag(),
        f.addresses(),
        f.stateBytes() / (double) (1 << 20));
    out.flush();
    processed = f.processed();
  }

  /** What to say of the state that was read anew, if any was. */
  String restored() {
    ProcessorFigures f = processor.figures();
    return f.restored() == 0
        ? ""
        : String.format(
            ", %,d records of state read in %.1f s",
            f.restored(), f.restoring().toMillis() / 1000.0);
  }

  @Override
  public CompletableFuture<Void> ready() {
    return processor.ready();
  }

  @Override
  public CompletableFuture<Void> ended() {
    return processor.ended();
  }

  @Override
  public Optional<String> check() {
    return processor.check();
  }

  @Override
  public void close() {
    printer.shutdownNow();
    server.ifPresent(s -> s.stop(0));
    processor.close();
  }
}
