package io.banstream.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.schemas.Key;
import io.banstream.schemas.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told together: bans over a recipient's limit an hour, at the hour's end, and those that a
 * buffered action gathers, once they are as many as it asks for or the first is a day old. Kept in
 * a file, so that a restart forgets none.
 *
 * <p>Not for use by several threads.
 */
final class MailBook {
  private static final Logger LOG = LoggerFactory.getLogger(MailBook.class);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  /** How the name ends of what could not be read. */
  private static final String UNREAD = ".unread";

  private final Path file;
  private final int hourly;
  private final Map<String, Hour> hours = new LinkedHashMap<>();
  private final Map<String, Gathering> buffers = new LinkedHashMap<>();
  private boolean changed;
  private boolean failing;

  /** What went to one recipient since the hour began. */
  private record Hour(int sent, Gathering over) {}

  /**
   * @param file where it is kept; what can't be read of it is told, and stays beside it
   * @param hourly mails an hour and recipient
   */
  MailBook(Path file, int hourly) {
    this.file = file;
    this.hourly = hourly;
    if (Files.exists(file)) {
      List<String> unread = read();
      if (!unread.isEmpty()) {
        setAside(unread.get(0));
      }
    }
  }

  /** Takes what it can; what is wrong with the rest. */
  private List<String> read() {
    List<String> unread = new ArrayList<>();
    try {
      JsonNode book = Json.MAPPER.readTree(Files.readAllBytes(file));
      read(book, "hours", this::readHour, unread);
      read(book, "buffers", this::readBuffer, unread);
    } catch (IOException e) {
      unread.add(MailQueue.words(e));
    }
    return unread;
  }

  private static void read(
      JsonNode book, String list, Consumer<JsonNode> reader, List<String> unread) {
    if (!book.path(list).isArray()) {
      unread.add("no list of " + list);
      return;
    }
    for (JsonNode part : book.path(list)) {
      try {
        reader.accept(part);
      } catch (RuntimeException e) { // what is no number, time, address
        unread.add(Plain.text(String.valueOf(e.getMessage())));
      }
    }
  }

  private void readHour(JsonNode hour) {
    Gathering over = Gathering.read(hour.path("over"));
    hours.put(over.action().dest(), new Hour(hour.path("sent").asInt(), over));
  }

  private void readBuffer(JsonNode buffer) {
    Gathering gathering = Gathering.read(buffer.path("bans"));
    buffers.put(key(buffer.path("jail").asText(), gathering.action()), gathering);
  }

  /** By a link, which asks for no reading; the next {@link #save} replaces the file alone. */
  private void setAside(String why) {
    Path aside = file.resolveSibling(file.getFileName() + UNREAD);
    LOG.warn("mail: not all of {} can be read, as it is it stays as {}: {}", file, aside, why);
    try {
      Files.deleteIfExists(aside);
      Files.createLink(aside, file);
    } catch (IOException e) {
      LOG.warn("mail: {} can't be made: {}", aside, MailQueue.words(e));
    }
  }

  private static String key(String jail, MailAction action) {
    return Key.of(jail, action.dest());
  }

  /** Counts one more mail to the recipient, if there may be one. */
  boolean mayGo(MailAction action, Instant now) {
    Hour hour = hour(action, now);
    boolean may = hour.sent() < hourly;
    if (may) {
      hours.put(action.dest(), new Hour(hour.sent() + 1, hour.over()));
      changed = true;
    }
    return may;
  }

  private Hour hour(MailAction action, Instant now) {
    return hours.computeIfAbsent(action.dest(), d -> new Hour(0, new Gathering(now, action)));
  }

  /** A ban over the limit: told at the hour's end. */
  void putOff(MailAction action, Announcement ban, Instant now) {
    hour(action, now).over().add(action, ban);
    changed = true;
  }

  /** A ban of a buffered action; what that mail tells that it completes. */
  Optional<Mail> gather(String jail, MailAction action, Announcement ban, Instant now) {
    String key = key(jail, action);
    Gathering bans = buffers.computeIfAbsent(key, k -> new Gathering(now, action));
    bans.add(action, ban);
    changed = true;
    return bans.isFull() ? summary(key, now) : Optional.empty();
  }

  private Optional<Mail> summary(String key, Instant now) {
    Gathering bans = buffers.remove(key);
    changed = true;
    if (mayGo(bans.action(), now)) {
      return Optional.of(BanMail.summary(bans));
    }
    hour(bans.action(), now).over().add(bans);
    return Optional.empty();
  }

  /** What waits no longer. */
  List<Mail> due(Instant now) {
    List<Mail> due = new ArrayList<>();
    for (Hour hour : List.copyOf(hours.values())) {
      if (isOver(hour.over(), HOUR, now)) {
        hours.remove(hour.over().action().dest());
        changed = true;
        if (hour.over().size() > 0) {
          due.add(BanMail.digest(hour.over()));
        }
      }
    }
    for (String key : List.copyOf(buffers.keySet())) {
      if (isOver(buffers.get(key), LONGEST_WAIT, now)) {
        summary(key, now).ifPresent(due::add);
      }
    }
    return due;
  }

  /** Also where the clock was set back. */
  private static boolean isOver(Gathering bans, Duration wait, Instant now) {
    return now.isBefore(bans.since()) || !now.isBefore(bans.since().plus(wait));
  }

  /** Writes it to its file, if it has changed; where that fails, the next call tries again. */
  void save() {
    if (!changed) {
      return;
    }
    try {
      OwnerOnly.write(file, json().toString().getBytes(StandardCharsets.UTF_8));
      changed = false;
      if (failing) {
        failing = false;
        LOG.info("mail: {} can be written again", file);
      }
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        LOG.warn(
            "mail: {} can't be written, what waits is in memory alone: {}",
            file,
            MailQueue.words(e));
      }
    }
  }

  private ObjectNode json() {
    ObjectNode book = Json.object();
    ArrayNode all = book.putArray("hours");
    hours
        .values()
        .forEach(hour -> all.addObject().put("sent", hour.sent()).set("over", hour.over().json()));
    ArrayNode buffered = book.putArray("buffers");
    buffers.forEach(
        (key, bans) ->
            buffered.addObject().put("jail", Key.parts(key).get(0)).set("bans", bans.json()));
    return book;
  }
}
