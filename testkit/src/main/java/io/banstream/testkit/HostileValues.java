package io.banstream.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What somebody may have logged who wants a shell to run it. */
public final class HostileValues {
  private HostileValues() {}

  /**
   * Values that make a file where a shell reads them unguarded, and some that are odd in other
   * ways.
   *
   * @param made the file: it must not be there afterwards
   */
  public static List<String> thatRun(Path made) {
    return Stream.of(
            "$(T)",
            "`T`",
            ";T;",
            "|T",
            "&T&",
            "&&T",
            "\nT\n",
            "\rT",
            "x\u0000T",
            "';T;'",
            "\";T;\"",
            "')\nT\n('",
            "\")\nT\n(\"",
            "a[$(T)]",
            "x;T #",
            "\\\";T;\\\"",
            "${x:-$(T)}",
            "EOF\nT\n",
            "<(T)",
            ">" + made,
            ">>" + made,
            "() { :; }; T",
            "*",
            "?",
            "~",
            "!T",
            "-n",
            "--",
            "$IFS",
            "../../etc/passwd",
            "/etc/passwd",
            "a b",
            "\tx",
            "\u00a0T",
            "\u2028T\u2028",
            "%n%s",
            "{T,}",
            "x\\\nT",
            "é;T",
            "\ud800T",
            "T".repeat(10_000))
        .map(value -> value.replace("T", "touch${IFS}" + made))
        .toList();
  }
}
