package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredWordsTest {
  /** Conditions with blanks between; of any case with a !. */
  private static String words(String python, boolean phrases) {
    return PythonRegex.compile(python, false).requiredWords(phrases).stream()
        .map(
            c ->
                c.stream()
                    .map(w -> w.text().replace(' ', '%') + (w.anyCase() ? "!" : ""))
                    .sorted()
                    .collect(Collectors.joining("|")))
        .sorted()
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      emptyValue = "",
      textBlock =
          """
          ^Failed password for .* from        ~ Failed for from password
          ^(?:error: )?Failed \\S+ for        ~ Failed for
          colou?r of words+                   ~ colo of words
          ab{0,1}cde                          ~ cde
          abc{1,2}def                         ~ abc def
          abc{2}?defg*                        ~ abc def
          one|another                         ~ another|one
          (?:one two|three four)              ~
          (?:onetwo six|three four9)          ~ four9|onetwo four9|six onetwo|three six|three
          (?:one|a)                           ~ ''
          (?:one|by)                          ~ by|one
          (?:one|)                            ~ ''
          (?:one)? (?:two)* (?:three){0,2}    ~ ''
          (?:one)+ (?:two){1,9} (three)       ~ one three two
          (?i)PassWord                        ~ pa! word!
          (?i)tRy (?-i:And) Then              ~ And then! try!
          (?:(?i)get) Out                     ~ Out get!
          (?i:get)out                         ~ get! out
          (?x)verbose # this                  ~ ''
          x[]a]long[^]more]                   ~ long
          [\\]abc]def                         ~ def
          \\Wabc\\(xyz\\)                     ~ abc xyz
          \\x41bc\\u0041def\\tghi             ~ bc def ghi
          ^a.b$                               ~ ''
          (?P<user>[)(]|\\))after             ~ after
          (?P<u>one)two(?P=u)three            ~ one three two
          (one)two\\1three                    ~ one three two
          not(?!this) but(?=that)             ~ but not
          (?<!this)but(?<=that)               ~ but
          (x)?(?(1)yes|nonono)                ~ nonono|yes
          (x)?(?(1)yes)                       ~ ''
          port_22 SSH2                        ~ SSH2 port_22
          """)
  void areInEveryMatch(String regex, String words) {
    if (words != null) {
      assertThat(words(regex.replace("\\\\", "\\"), false)).isEqualTo(words);
    }
  }

  /** A blank in a word is shown as %. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          ^ auth failed, \\d+~auth%failed,%
          rip=<\\[(x)\\]: y~rip=<[
          a-b? c*d~a-
          (?:one two|three) four~four one%two|three
          (?i)Try This~try%th!
          ^: \\(ab\\) {2}b|c\\.d~ab)%|c.d
          (?x) some thing~''
          """)
  void mayHaveBlanksAndMarksInThemIfNotAtTheirBeginning(String regex, String words) {
    assertThat(words(regex.replace("\\\\", "\\"), true)).isEqualTo(words);
  }
}
