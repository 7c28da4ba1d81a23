package com.mumosystems.oktaprofiles.jira.web;

import com.mumosystems.oktaprofiles.Change;
import com.mumosystems.oktaprofiles.OktaProfiles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** The change feed as people read it: one run's changes, and the newest ones of a user. The engine tells it in order. */
final class Changes {
  private static final int A_READ = 1_000;

  private Changes() {}

  /** The newest changes of a user, newest first. */
  static List<Change> newestOf(OktaProfiles engine, String oktaId, int most) {
    Deque<Change> last = new ArrayDeque<>();
    long after = 0;
    List<Change> read;
    do {
      read = engine.changes(after, oktaId, A_READ);
      for (Change change : read) {
        last.addFirst(change);
        if (last.size() > most) {
          last.removeLast();
        }
        after = change.position();
      }
    } while (read.size() == A_READ);
    return new ArrayList<>(last);
  }

  /** Changes of a run behind a position, in order; without one, from the first. */
  static List<Change> ofRun(OktaProfiles engine, long run, String oktaId, long after, int most) {
    long from = Math.max(after, beforeRun(engine, run));
    List<Change> found = new ArrayList<>();
    while (found.size() < most) {
      List<Change> read = engine.changes(from, oktaId, most - found.size());
      List<Change> own = read.stream().filter(change -> change.run() == run).toList();
      found.addAll(own);
      if (read.isEmpty() || own.size() < read.size()) {
        return found;
      }
      from = read.get(read.size() - 1).position();
    }
    return Collections.unmodifiableList(found);
  }

  /** The position behind which a run's changes begin. Positions and runs ascend together, so it is found by halving. */
  private static long beforeRun(OktaProfiles engine, long run) {
    long low = 0;
    long high = engine.statistics().lastChange();
    while (low < high) {
      long middle = low + (high - low) / 2;
      List<Change> next = engine.changes(middle, null, 1);
      if (next.isEmpty() || next.get(0).run() >= run) {
        high = middle;
      } else {
        low = next.get(0).position();
      }
    }
    return low;
  }
}
