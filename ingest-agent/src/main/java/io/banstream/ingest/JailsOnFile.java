package io.banstream.ingest;

import io.banstream.jails.FilterSet;
import io.banstream.jails.Jail;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The jails that read a file, or the spool: each by itself, their filters as one. */
final class JailsOnFile {
  private final Map<String, Mark> marks;
  private final Surroundings around;
  private final Map<String, JailOnFile> jails = new TreeMap<>();

  /** The jails' filters, in their order; made anew when the jails change. */
  private Optional<FilterSet> filters = Optional.empty();

  private long lines;

  /**
   * @param marks how far each jail had come when the reading began
   */
  JailsOnFile(Map<String, Mark> marks, Surroundings around) {
    this.marks = new TreeMap<>(marks);
    this.around = around;
  }

  /**
   * Has this jail read it from now on.
   *
   * @param begin where one begins that has no mark
   * @return whether it did not read it before
   * @throws IllegalArgumentException if a regular expression of the jail does not compile
   */
  boolean add(Jail jail, Supplier<Mark> begin) {
    JailOnFile known = jails.get(jail.name());
    if (known != null) {
      if (known.change(jail)) {
        filters = Optional.empty();
      }
      return false;
    }
    Mark mark = marks.get(jail.name());
    jails.put(jail.name(), new JailOnFile(jail, mark == null ? begin.get() : mark, around));
    filters = Optional.empty();
    return true;
  }

  /** Has only these jails read it. */
  void retain(Set<String> names) {
    if (jails.keySet().retainAll(names)) {
      filters = Optional.empty();
    }
  }

  /** In the filters' order: a line's numbers mean these. */
  Collection<JailOnFile> each() {
    return jails.values();
  }

  /** How far each jail has come. */
  Map<String, Mark> reached() {
    Map<String, Mark> reached = new TreeMap<>();
    jails.forEach((name, jail) -> reached.put(name, jail.reached()));
    return reached;
  }

  /** The first byte of this generation's file that one of them wants; empty without any. */
  OptionalLong wanted(long generation) {
    return jails.values().stream().mapToLong(j -> j.wanted(generation)).min();
  }

  /**
   * Gives the lines that a filter asks for.
   *
   * @param offset where the buffer begins in its file
   * @return up to where whole lines went, from the buffer's begin
   */
  int scan(byte[] buf, int to, long generation, long offset, FilterSet.Taker taker) {
    if (filters.isEmpty()) {
      filters =
          Optional.of(new FilterSet(jails.values().stream().map(JailOnFile::filter).toList()));
    }
    FilterSet set = filters.get();
    long before = set.lines();
    int end = set.scan(buf, 0, to, taker);
    lines += set.lines() - before;
    jails.values().forEach(jail -> jail.passed(generation, offset + end));
    return end;
  }

  /** Lines gone through. */
  long lines() {
    return lines;
  }
}
