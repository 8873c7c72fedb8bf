package io.banstream.console;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program by its words, never through a shell's line, with an end set to it. */
final class Program {
  private static final int MOST_OUTPUT = 1 << 16;

  private Program() {}

  /** It ended with something else than 0. */
  static final class ExitException extends IOException {
    private static final long serialVersionUID = 1;

    private final int code;

    private ExitException(String program, int code, String said) {
      super(program + " ended with " + code + (said.isBlank() ? "" : ": " + said.strip()));
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /**
   * @param input what it reads
   * @return what it said on both outputs, cut at 64 KiB
   * @throws ExitException if it ends with something else than 0
   * @throws IOException if it can't be run, or takes too long
   * @throws InterruptedException if the thread is interrupted; it is killed
   */
  static String run(List<String> words, byte[] input, Duration limit)
      throws IOException, InterruptedException {
    Path in = Files.createTempFile("banstream-", ".in"); // a pipe fills where nobody reads
    try {
      try (OutputStream to = new FileOutputStream(in.toFile())) {
        to.write(input);
      }
      return run(words, in, limit);
    } finally {
      Files.deleteIfExists(in);
    }
  }

  private static String run(List<String> words, Path in, Duration limit)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("banstream-", ".out"); // a pipe could fill, and keep it
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectInput(in.toFile())
              .redirectOutput(Redirect.to(out.toFile()))
              .start();
      try {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException(words.get(0) + ": no end within " + limit.toSeconds() + " s");
        }
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      String said = read(out);
      if (process.exitValue() != 0) {
        throw new ExitException(words.get(0), process.exitValue(), said);
      }
      return said;
    } finally {
      Files.deleteIfExists(out);
    }
  }

  private static String read(Path out) throws IOException {
    try (InputStream in = Files.newInputStream(out)) {
      return new String(in.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
    }
  }
}
