package io.banstream.console;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where bans, unbans and alerts are posted. Its path and query are often a secret: {@link
 * #toString} leaves them out.
 *
 * @param url with its path
 */
public record WebhookTarget(URI url) {
  /**
   * @throws IllegalArgumentException if it is no URL of HTTP, or names a user; the message has
   *     nothing of it
   */
  public WebhookTarget {
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null || url.getUserInfo() != null || url.getFragment() != null) {
      throw expected();
    }
  }

  /**
   * @throws IllegalArgumentException in one line, as the constructor
   */
  public static WebhookTarget parse(String text) {
    try {
      return new WebhookTarget(new URI(text));
    } catch (URISyntaxException e) {
      throw expected();
    }
  }

  private static IllegalArgumentException expected() {
    return new IllegalArgumentException(
        "webhook: expected http://HOST:PORT/PATH or https://HOST/PATH, without a user");
  }

  @Override
  public String toString() {
    return url.getScheme() + "://" + url.getRawAuthority();
  }
}
