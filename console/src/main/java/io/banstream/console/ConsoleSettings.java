package io.banstream.console;

import io.banstream.schemas.KafkaConnection;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the console needs to know.
 *
 * @param kafka the broker
 * @param bind where HTTP listens: {@code HOST:PORT} or {@code [IPv6]:PORT}; port 0: a free one
 * @param data the data folder; the console keeps its token in {@code console/token} there
 * @param clock tells which bans are in force
 * @param mail how bans are told by mail
 * @param webhook where bans, unbans and alerts are posted, if anywhere
 * @param users from how many on user names are told of
 * @param announcements gets one line for each ban and unban as it comes into force, and for what a
 *     guard or user names tell
 */
public record ConsoleSettings(
    KafkaConnection kafka,
    String bind,
    Path data,
    InstantSource clock,
    MailSettings mail,
    Optional<WebhookTarget> webhook,
    UserLimits users,
    Consumer<String> announcements) {
  public ConsoleSettings {
    Objects.requireNonNull(kafka);
    Objects.requireNonNull(data);
    Objects.requireNonNull(clock);
    Objects.requireNonNull(mail);
    Objects.requireNonNull(webhook);
    Objects.requireNonNull(users);
    Objects.requireNonNull(announcements);
    Bind.parse("http", bind);
  }
}
