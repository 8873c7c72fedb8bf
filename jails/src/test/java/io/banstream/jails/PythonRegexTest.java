package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonRegexTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          (?P<a_b>x)(?P=a_b)          ~ xx ~ true
          (?P<a>x)?(?(a)y|z)$         ~ xy ~ true
          ^(?P<a>x)?(?(a)y|z)$        ~ xz ~ false
          ^(?P<a>x)?(?(a)y|z)$        ~ z ~ true
          ^(?P<a>x|w)?(?(1)y)$        ~ wy ~ true
          ^(?P<a>x|w)?(?(1)y)$        ~ w ~ false
          ^(x)?(?P<c>q)(?(c)y|z)\\2$  ~ qyq ~ true
          ^a\\Z                       ~ a ~ true
          (?i)ABC                     ~ abc ~ true
          ((?i)ABC)d                  ~ abcd ~ true
          ((?i)ABC)d                  ~ abcD ~ false
          a{,2}b{x}                   ~ b{x} ~ true
          ^[[&&b]+$                   ~ [&b ~ true
          ^[]a]+$                     ~ a] ~ true
          ^[^]a]$                     ~ ] ~ false
          (?#comment)a\\<b\\>         ~ a<b> ~ true
          \\w+                        ~ ü ~ true
          ^a\\b                       ~ a¾ ~ false
          ^a\\b                       ~ a§ ~ true
          ^a\\sb                      ~ a\u001db ~ true
          ^a[^x\\S]b$                 ~ a\u001db ~ true
          \\x41\\u0041                ~ AA ~ true
          """)
  void matchesWhatPythonDoes(String regex, String text, boolean matches) {
    assertThat(PythonRegex.compile(regex, false).search(new StepLimit(text)).isPresent())
        .isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        ")",
        "[a",
        "(?P<a>x)(?P<a>y)",
        "(?P=a)",
        "(?(a)x)",
        "\\Q",
        "\\p",
        "a\\",
        "(?z)"
      })
  void refusesWhatPythonRefuses(String regex) {
    assertThatThrownBy(() -> PythonRegex.compile(regex, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyALineFeedEndsALine() {
    PythonRegex regex = PythonRegex.compile("^a.b$", false);
    assertThat(regex.search(new StepLimit("a\rb\n"))).isPresent();
    assertThat(regex.search(new StepLimit("a\u2028b"))).isPresent();
    assertThat(regex.search(new StepLimit("a\nb"))).isEmpty();
    assertThat(regex.search(new StepLimit("a-b\r"))).isEmpty();
  }
}
