package io.banstream.standalone;

import io.banstream.console.ConsoleClient;
import io.banstream.console.Token;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which console is asked, and by which right. */
final class ConsoleAccess {
  /** Where {@code up} and {@code console} listen unless told otherwise. */
  static final String BIND = "127.0.0.1:7433";

  private static final String DEFAULT = "http://" + BIND;

  @Option(
      names = "--console",
      paramLabel = "URL",
      defaultValue = "${env:BANSTREAM_CONSOLE:-" + DEFAULT + "}",
      description = "The console asked (default: BANSTREAM_CONSOLE, else " + DEFAULT + ").")
  private String console;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "The console's token, for what changes something (default: in --data).")
  private Path tokenFile;

  @Mixin DataOption data;

  /** For questions: a token is not needed. */
  ConsoleClient asking() {
    return client(Optional.empty());
  }

  /** For orders: with the token. */
  ConsoleClient ordering() throws IOException {
    Path file = tokenFile != null ? tokenFile : Token.file(data.data);
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "token: can't read " + file + "; name it by --data or --token-file, or be its owner");
    }
    String token = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (!token.matches("[\\w.~+/=-]+")) {
      throw new IllegalArgumentException("token: " + file + " holds none");
    }
    return client(Optional.of(token));
  }

  private ConsoleClient client(Optional<String> token) {
    URI url;
    try {
      url = new URI(console);
    } catch (URISyntaxException e) {
      url = URI.create("");
    }
    if (url.getHost() == null || !console.matches("https?://.*")) {
      throw new IllegalArgumentException("console = " + console + ", expected http://HOST:PORT");
    }
    return new ConsoleClient(url, token, System.getProperty("user.name"));
  }
}
