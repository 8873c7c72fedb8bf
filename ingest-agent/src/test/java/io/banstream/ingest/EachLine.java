package io.banstream.ingest;

import java.nio.charset.StandardCharsets;

/** Cuts what a tail gives into lines, zeros before them and their ends left out. */
abstract class EachLine implements Tail.Lines {
  abstract void line(String text, long offset);

  @Override
  public int lines(byte[] buf, int to, long offset) {
    int begin = 0;
    for (int i = 0; i < to; i++) {
      if (buf[i] == '\n') {
        String text = new String(buf, begin, i - begin, StandardCharsets.ISO_8859_1);
        String line = text.replaceFirst("^\0+", "").replaceFirst("\r$", "");
        line(line, offset + i - line.length() - (text.endsWith("\r") ? 1 : 0));
        begin = i + 1;
      }
    }
    return to;
  }

  @Override
  public boolean wantsMore() {
    return true;
  }
}
