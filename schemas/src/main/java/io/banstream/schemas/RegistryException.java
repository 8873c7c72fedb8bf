package io.banstream.schemas;

import org.apache.kafka.common.errors.RetriableException;

/**
 * A schema registry does not serve: it is away, or refuses. No record is at fault, so none is to be
 * stepped over or put aside: the same is to be tried again. The message is one line.
 */
public final class RegistryException extends RetriableException {
  private static final long serialVersionUID = 1L;

  RegistryException(String message) {
    super(message);
  }

  RegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
