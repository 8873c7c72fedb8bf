package io.banstream.standalone;

import io.banstream.console.WebhookTarget;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where bans are posted. */
final class WebhookOption {
  @Option(
      names = "--webhook",
      paramLabel = "URL",
      description =
          "Post each ban, unban and alert there as a JSON object, once for the whole fleet "
              + "and one after the other; what is not taken is posted again (default: none).")
  private String url;

  /**
   * @throws IllegalArgumentException in one line, if it is no URL
   */
  Optional<WebhookTarget> target() {
    return Optional.ofNullable(url).map(WebhookTarget::parse);
  }
}
