package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A reply that consists of names and values, in the order of its rows. */
final class Named {
  private final String prefix;
  private final Map<String, Long> numbers;
  private final Map<String, List<String>> texts;

  private Named(String prefix, Map<String, Long> numbers, Map<String, List<String>> texts) {
    this.prefix = prefix;
    this.numbers = numbers;
    this.texts = texts;
  }

  Named() {
    this("", new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  static Named of(Page page) {
    Named named = new Named();
    page.each(named::add);
    return named;
  }

  void add(Page.Row row) {
    String name = row.text(Column.NAME);
    if (row.has(Column.COUNT)) {
      numbers.put(name, row.number(Column.COUNT));
    } else {
      texts.computeIfAbsent(name, key -> new ArrayList<>()).add(row.text(Column.VALUE));
    }
  }

  boolean isEmpty() {
    return numbers.isEmpty() && texts.isEmpty();
  }

  Map<String, Long> numbers() {
    return numbers;
  }

  /** The values whose names begin with a prefix; the result is asked without that prefix. */
  Named within(String inner) {
    return new Named(prefix + inner, numbers, texts);
  }

  /** A number; 0 if it is missing. */
  long number(String name) {
    return numbers.getOrDefault(prefix + name, 0L);
  }

  /** A time; null if it is missing. */
  Instant time(String name) {
    Long millis = numbers.get(prefix + name);
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  /** A text; null if it is missing. */
  String text(String name) {
    List<String> found = texts(name);
    return found.isEmpty() ? null : found.get(0);
  }

  /** Every text of a name. */
  List<String> texts(String name) {
    return List.copyOf(texts.getOrDefault(prefix + name, List.of()));
  }

  /** The numbers whose names begin with a prefix; the keys of the result are without the prefix. */
  Map<String, Long> below(String family) {
    String begin = prefix + family;
    Map<String, Long> found = new LinkedHashMap<>();
    numbers.forEach(
        (name, number) -> {
          if (name.startsWith(begin)) {
            found.put(name.substring(begin.length()), number);
          }
        });
    return found;
  }
}
