package io.banstream.processor;

/** A record that can't be read or believed: put aside as a dead letter, with this message. */
final class Unbelievable extends Exception {
  Unbelievable(String why) {
    super(why);
  }

  Unbelievable(String why, Exception cause) {
    super(why + ": " + cause.getMessage(), cause);
  }
}
