package io.banstream.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;

/**
 * A mail on its way.
 *
 * @param sender the envelope's
 * @param dest its only recipient
 * @param made when it was
 * @param text head and body in ASCII, lines end with a line feed
 */
record Letter(String sender, String dest, Instant made, String text) {
  /**
   * @throws IllegalArgumentException if an address is none
   */
  Letter {
    MailAction.requireAddress("sender", sender);
    MailAction.requireAddress("dest", dest);
    Objects.requireNonNull(made);
    Objects.requireNonNull(text);
  }

  /** As {@code sendmail -i} reads it. */
  byte[] bytes() {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** As it is kept. */
  byte[] json() {
    try {
      return Json.MAPPER.writeValueAsBytes(
          Json.object()
              .put("sender", sender)
              .put("dest", dest)
              .put("made", made.toString())
              .put("text", text));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What {@link #json} made.
   *
   * @throws IOException if it is something else
   */
  static Letter read(byte[] json) throws IOException {
    JsonNode node = Json.MAPPER.readTree(json);
    try {
      return new Letter(
          node.path("sender").asText(),
          node.path("dest").asText(),
          Instant.parse(node.path("made").asText()),
          node.path("text").asText());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
