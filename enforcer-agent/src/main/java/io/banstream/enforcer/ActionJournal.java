package io.banstream.enforcer;

import io.banstream.jails.ActionCommands;
import io.banstream.schemas.Address;
import io.banstream.schemas.OwnerOnly;
import io.banstream.schemas.Reason;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What actions have done on this host and not undone, on disk: so that a restart does nothing
 * twice, and an action that has left its jail is undone by the commands that it had. Each thing is
 * written before it is done. Of an earlier boot nothing counts: fail2ban does all of it anew then,
 * and what an action does to a kernel is gone. For several threads.
 */
final class ActionJournal {
  private static final Logger LOG = LoggerFactory.getLogger(ActionJournal.class);
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** A line without it was not written to its end. */
  private static final String END = ".";

  /** So many lines are written behind each other before the file is made short again. */
  private static final int MOST_LINES = 100_000;

  private final Optional<Path> file;
  private final String boot;
  private boolean failed;
  private int lines;

  /** An action that was started, and its bans. */
  record Running(String jail, ActionCommands commands, Map<Address, ActionBan> bans) {}

  private ActionJournal(Optional<Path> file, String boot) {
    this.file = file;
    this.boot = boot;
  }

  /**
   * @param folder the enforcer's own
   */
  static ActionJournal in(Path folder) {
    return in(folder, bootId());
  }

  static ActionJournal in(Path folder, String boot) {
    return new ActionJournal(Optional.of(folder.resolve("actions")), boot);
  }

  /** Whether actions were carried out here, and may have left something. */
  boolean isThere() {
    return file.isPresent() && Files.exists(file.get());
  }

  /** Remembers nothing: for a dry run. */
  static ActionJournal none() {
    return new ActionJournal(Optional.empty(), "");
  }

  private static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** What is done and not undone; the file is short then. */
  synchronized Collection<Running> read() {
    Map<List<String>, Running> running = new LinkedHashMap<>();
    if (isThere()) {
      try {
        List<String> all = Files.readAllLines(file.get());
        if (!all.isEmpty() && all.get(0).equals(head())) {
          all.stream().skip(1).forEach(line -> take(line, running));
        }
        rewrite(running.values());
      } catch (IOException e) {
        tell(e);
      }
    }
    return running.values();
  }

  private static void take(String line, Map<List<String>, Running> running) {
    String[] words = line.split(" ", -1);
    if (words.length < 4 || !words[words.length - 1].equals(END)) {
      return;
    }
    try {
      take(words, running);
    } catch (IllegalArgumentException e) {
      LOG.warn("a line of what actions did is left out: {}", e.getMessage());
    }
  }

  private static void take(String[] words, Map<List<String>, Running> running) {
    List<String> key = List.of(text(words[1]), text(words[2]));
    if (!words[0].equals("start") && !running.containsKey(key)) {
      return; // its start could not be written
    }
    switch (words[0]) {
      case "start" -> {
        Map<String, String> inet4 = new LinkedHashMap<>();
        Map<String, String> inet6 = new LinkedHashMap<>();
        for (int i = 3; i + 2 < words.length; i += 3) {
          (words[i].equals("inet4") ? inet4 : inet6).put(text(words[i + 1]), text(words[i + 2]));
        }
        ActionCommands commands = new ActionCommands(key.get(1), inet4, inet6);
        running.put(key, new Running(key.get(0), commands, new LinkedHashMap<>()));
      }
      case "stop" -> running.remove(key);
      case "ban" -> {
        Instant until =
            words[5].equals("-") ? Change.FOR_EVER : Instant.ofEpochMilli(Long.parseLong(words[5]));
        running
            .get(key)
            .bans()
            .put(
                Address.parse(words[3]),
                new ActionBan(
                    Instant.ofEpochMilli(Long.parseLong(words[4])),
                    until,
                    Integer.parseInt(words[6]),
                    Integer.parseInt(words[7])));
      }
      default -> running.get(key).bans().remove(Address.parse(words[3]));
    }
  }

  void start(String jail, ActionCommands commands) {
    append(startLine(jail, commands));
  }

  void stop(String jail, String action) {
    append(line("stop", jail, action));
  }

  void ban(String jail, String action, Address address, ActionBan ban) {
    append(banLine(jail, action, address, ban));
  }

  void unban(String jail, String action, Address address) {
    append(line("unban", jail, action, address.toString()));
  }

  private String head() {
    return "banstream actions 1 of boot " + boot;
  }

  private static String startLine(String jail, ActionCommands commands) {
    List<String> words = new ArrayList<>(List.of("start", jail, commands.name()));
    commands.inet4().forEach((key, line) -> words.addAll(List.of("inet4", key, line)));
    commands.inet6().forEach((key, line) -> words.addAll(List.of("inet6", key, line)));
    return line(words.toArray(String[]::new));
  }

  private static String banLine(String jail, String action, Address address, ActionBan ban) {
    return line(
        "ban",
        jail,
        action,
        address.toString(),
        Long.toString(ban.from().toEpochMilli()),
        ban.until().equals(Change.FOR_EVER) ? "-" : Long.toString(ban.until().toEpochMilli()),
        Integer.toString(ban.failures()),
        Integer.toString(ban.nth()));
  }

  private static String line(String... words) {
    List<String> coded = new ArrayList<>();
    for (String word : words) {
      // An address stays as it is read; what is any text has neither blank nor line end then.
      coded.add(
          word.matches("[\\w.:/-]+") ? word : URLEncoder.encode(word, StandardCharsets.UTF_8));
    }
    return String.join(" ", coded) + " " + END + "\n";
  }

  private static String text(String word) {
    return URLDecoder.decode(word, StandardCharsets.UTF_8);
  }

  private synchronized void append(String line) {
    if (file.isEmpty()) {
      return;
    }
    try {
      if (!Files.exists(file.get())) {
        OwnerOnly.write(file.get(), (head() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      // After a disk that was full the last line may have no end.
      Files.writeString(file.get(), failed ? "\n" + line : line, StandardOpenOption.APPEND);
      failed = false;
      if (++lines >= MOST_LINES) {
        var unused = read();
      }
    } catch (IOException e) {
      tell(e);
    }
  }

  private void rewrite(Collection<Running> running) throws IOException {
    StringBuilder text = new StringBuilder(head()).append('\n');
    for (Running action : running) {
      text.append(startLine(action.jail(), action.commands()));
      action
          .bans()
          .forEach(
              (address, ban) ->
                  text.append(banLine(action.jail(), action.commands().name(), address, ban)));
    }
    OwnerOnly.write(file.orElseThrow(), text.toString().getBytes(StandardCharsets.UTF_8));
    lines = 0;
  }

  private void tell(IOException e) {
    if (!failed) {
      LOG.warn(
          "{} can't be kept: {}; after a restart actions may be carried out twice",
          file.orElseThrow(),
          Reason.of(e));
    }
    failed = true;
  }

  /** Nothing is left to undo. */
  void forget() throws IOException {
    if (file.isPresent()) {
      Files.deleteIfExists(file.get());
    }
  }
}
