package com.mumosystems.oktaprofiles.jira.node;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Measures how long people wait for panels, profile pages and JQL, since the plugin started. */
public final class LookUpTimes {
  private final LongAdder count = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final AtomicLong longest = new AtomicLong();

  <T> T time(Supplier<T> lookUp) {
    long began = System.nanoTime();
    boolean answered = false;
    try {
      T answer = lookUp.get();
      answered = true;
      return answer;
    } finally {
      long took = System.nanoTime() - began;
      count.increment();
      nanos.add(took);
      longest.accumulateAndGet(took, Math::max);
      if (!answered) {
        failures.increment();
      }
    }
  }

  public long count() {
    return count.sum();
  }

  public long failures() {
    return failures.sum();
  }

  public long meanMicros() {
    return nanos.sum() / Math.max(1, count.sum()) / 1_000;
  }

  public long longestMicros() {
    return longest.get() / 1_000;
  }
}
