package io.banstream.jails;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Puts in what {@code %(name)s} names; {@code %%} is a percent sign. */
final class Interpolation {
  private final Ini ini;
  private final String section;
  private final IniValue value;
  private final Map<String, String> vars;
  private final Deque<IniValue> open = new ArrayDeque<>();

  /**
   * @param section where names are looked up
   * @param vars go first, and are taken as they are
   */
  Interpolation(Ini ini, String section, IniValue value, Map<String, String> vars) {
    this.ini = ini;
    this.section = section;
    this.value = value;
    this.vars = vars;
  }

  String text() throws ConfigurationException {
    return interpolate(value);
  }

  private String interpolate(IniValue v) throws ConfigurationException {
    if (open.contains(v)) {
      throw error("it comes to stand in itself");
    }
    open.push(v);
    String text = v.text();
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', at)) {
      out.append(text, at, i);
      int close = text.indexOf(")s", i);
      if (text.startsWith("%%", i)) {
        out.append('%');
        at = i + 2;
      } else if (text.startsWith("%(", i) && close > 0) {
        out.append(named(text.substring(i + 2, close)));
        at = close + 2;
      } else {
        throw error("% must be followed by % or (name)s");
      }
    }
    out.append(text, at, text.length());
    open.pop();
    return out.toString();
  }

  private String named(String name) throws ConfigurationException {
    if (name.equals("__name__")) {
      return section;
    }
    String lower = name.indexOf('/') < 0 ? name.toLowerCase(Locale.ROOT) : name;
    if (vars.containsKey(lower)) {
      return vars.get(lower);
    }
    Optional<IniValue> reference = ini.reference(section, lower, open.element());
    if (reference.isEmpty()) {
      throw error("%(" + name + ")s names no key");
    }
    return interpolate(reference.get());
  }

  private ConfigurationException error(String text) {
    IniValue at = open.isEmpty() ? value : open.peek();
    return new ConfigurationException(
        at.where(), at.key() + " = " + Printable.of(at.text()) + ": " + text);
  }
}
