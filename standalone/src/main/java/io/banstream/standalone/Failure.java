package io.banstream.standalone;

import io.banstream.console.ConsoleException;
import io.banstream.enforcer.EnforcerException;
import io.banstream.jails.ConfigurationException;
import io.banstream.schemas.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/**
 * What the user is told of an exception.
 *
 * @param line one line
 * @param exit 2 where it is the user's to put right, 1 otherwise
 */
record Failure(String line, int exit) {
  private static final int LONGEST = 1_000;

  static Failure of(Throwable e) {
    if ((e instanceof ExecutionException
            || e instanceof CompletionException
            || e instanceof UncheckedIOException)
        && e.getCause() != null) {
      return of(e.getCause());
    }
    if (e instanceof FileSystemException file) {
      return user(file.getFile() + ": " + reason(file));
    }
    if (e instanceof ConfigurationException
        || e instanceof IllegalArgumentException
        || e instanceof EnforcerException
        || e instanceof ConsoleException) {
      return user(e.getMessage());
    }
    if (e instanceof IOException) {
      return user(String.valueOf(e.getMessage()));
    }
    if (e instanceof ConfigException) {
      return user(Reason.of(e));
    }
    // Those two are made to be read; another's message alone may say nothing.
    boolean told = e instanceof IllegalStateException || e instanceof KafkaException;
    String what = (told ? "" : e.getClass().getSimpleName() + ": ") + Reason.of(e);
    return new Failure(oneLine(what) + " (" + Verbose.OPTION + " shows where)", Main.FAILED);
  }

  private static Failure user(String message) {
    return new Failure(oneLine(message), Main.USER_ERROR);
  }

  private static String reason(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NotDirectoryException || e instanceof FileAlreadyExistsException) {
      return "not a folder";
    }
    if (e instanceof DirectoryNotEmptyException) {
      return "folder not empty";
    }
    return e.getReason() == null ? "not usable" : e.getReason();
  }

  /** Messages may quote what was read: no line of theirs becomes one of ours. */
  private static String oneLine(String text) {
    String line = text.replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
