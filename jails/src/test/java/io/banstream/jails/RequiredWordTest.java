package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredWordTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          ^Failed password for .* from        ~ password
          ^(?:error: )?Failed \\S+ for        ~ Failed
          colou?r of words+                   ~ words
          ab{0,1}cde                          ~ cde
          one|another                         ~
          (?i)password                        ~
          (?i:x)password                      ~
          x[]a]long[^]more]                   ~ long
          \\Wabc\\(x\\)                        ~ abc
          ^a.b$                               ~
          (?P<user>[)(]|\\))after             ~ after
          """)
  void isInEveryMatch(String regex, String word) {
    assertThat(RequiredWord.of(regex.replace("\\\\", "\\")).orElse(null)).isEqualTo(word);
  }
}
