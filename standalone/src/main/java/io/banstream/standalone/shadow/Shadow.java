package io.banstream.standalone.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.console.ConsoleClient;
import io.banstream.console.ConsoleException;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks both sides each second what they have banned, and tells what came of it. */
public final class Shadow implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Shadow.class);
  private static final long BETWEEN_LOOKS_MS = 1_000;

  private final Source fail2ban;
  private final ConsoleClient console;
  private final ShadowBook book;
  private final BiConsumer<Finding, String> told;
  private final Thread thread = new Thread(this::run, "shadow");

  /** What we knew of an address when fail2ban's ban of it was first seen. */
  private final Map<SeenBan, String> states = new HashMap<>();

  private volatile boolean ended;

  /** Reads the bans that fail2ban has. */
  @FunctionalInterface
  public interface Source {
    List<SeenBan> read() throws IOException;
  }

  /**
   * @param told gets each finding, and in words why the two differ; empty where they do not
   */
  public Shadow(
      Source fail2ban, ConsoleClient console, ShadowBook book, BiConsumer<Finding, String> told) {
    this.fail2ban = fail2ban;
    this.console = console;
    this.book = book;
    this.told = told;
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!ended) {
        tryToLook();
        Thread.sleep(BETWEEN_LOOKS_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** A side that does not answer is asked again. */
  private void tryToLook() {
    try {
      look();
    } catch (ConsoleException | IOException | IllegalArgumentException e) {
      log.warn("{}", e.getMessage());
    }
  }

  private void look() throws IOException {
    Instant now = Instant.now();
    List<Finding> found = new ArrayList<>();
    found.addAll(book.tell(Side.BANSTREAM, ours(), now));
    found.addAll(book.tell(Side.FAIL2BAN, fail2ban.read(), now));
    found.addAll(book.settle(now));
    book.waiting(Side.FAIL2BAN).forEach(ban -> states.computeIfAbsent(ban, this::state));
    for (Finding finding : found) {
      told.accept(finding, why(finding));
      states.remove(finding.ban());
    }
  }

  private List<SeenBan> ours() {
    List<SeenBan> bans = new ArrayList<>();
    for (JsonNode ban : console.bans(Optional.empty(), Optional.empty()).path("bans")) {
      bans.add(
          new SeenBan(
              ban.path("jail").asText(),
              Address.parse(ban.path("address").asText()),
              Instant.parse(ban.path("from").asText()),
              ban.hasNonNull("until")
                  ? Optional.of(Instant.parse(ban.path("until").asText()))
                  : Optional.empty()));
    }
    return bans;
  }

  /** What our side knows of an address that only one side banned. */
  private String why(Finding finding) {
    return switch (finding.kind()) {
      case SAME, OTHER_TIMES -> "";
      case FAIL2BAN_ALONE -> states.getOrDefault(finding.ban(), "");
      case BANSTREAM_ALONE -> evidence(finding.ban());
    };
  }

  private String state(SeenBan ban) {
    JsonNode known = console.explain(ban.address().toString());
    for (JsonNode jail : known.path("jails")) {
      if (jail.path("jail").asText().equals(ban.jail())) {
        return "banstream: " + jail.path("state").asText();
      }
    }
    return "banstream has no jail of that name in force";
  }

  private String evidence(SeenBan ban) {
    for (JsonNode known : console.explain(ban.address().toString()).path("bans")) {
      if (known.path("jail").asText().equals(ban.jail())) {
        List<String> failures = new ArrayList<>();
        known
            .path("evidence")
            .forEach(f -> failures.add(f.path("time").asText() + " " + f.path("host").asText()));
        return "banstream counted " + failures.size() + ": " + String.join(", ", failures);
      }
    }
    return "its ban is over by now";
  }

  @Override
  public void close() {
    ended = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
