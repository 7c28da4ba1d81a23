package com.mumosystems.oktaprofiles.jira.node;

import java.util.Map;
import java.util.TreeMap;

/**
 * Users of Jira who changed, and whom no published state contains yet. Everything has a time: a look at Jira from then
 * on is final. Earlier looks count too, but are repeated, because an event may be published before its change is
 * committed and before it is in the caches of the other nodes.
 *
 * @param mark the same as in a state that contains every user who no longer waits here; null if there is none
 * @param all when a comparison of all users is final; 0 if none is needed
 * @param names user names, each with the time when a look at the user is final
 */
record WaitingUsers(String mark, long all, Map<String, Long> names) {
  /** Above this number, a comparison of all users costs less than the names take of memory and of care. */
  static final int MOST = 1_000;
  /** Names are personal data. A name that waited this long is no longer worth keeping. */
  private static final long LONGEST_MILLIS = 24 * 60 * 60_000L;

  static final WaitingUsers NONE = new WaitingUsers(null, 0, Map.of());

  boolean isSound() {
    return names != null && names.values().stream().allMatch(value -> value != null);
  }

  boolean isEmpty() {
    return all == 0 && names.isEmpty();
  }

  /** These users and others. */
  WaitingUsers and(WaitingUsers others) {
    Map<String, Long> both = new TreeMap<>(names);
    others.names.forEach((name, time) -> both.merge(name, time, WaitingUsers::later));
    return new WaitingUsers(mark, all == 0 || others.all == 0 ? all + others.all : later(all, others.all), both);
  }

  /** Later than both, so that a run that saw only one of them does not end the other. The clocks of nodes differ. */
  private static long later(long one, long other) {
    return Math.max(one, other) + 1;
  }

  /** Whether a look is final. A time that is more than a day ahead comes from a wrong clock. */
  private static boolean isFinal(long time, long now) {
    return time <= now || time > now + LONGEST_MILLIS;
  }

  /** The same, without names: all users must be compared instead. */
  WaitingUsers withoutNames() {
    long last = names.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return new WaitingUsers(mark, Math.max(all, last), Map.of());
  }

  /** Whether there are too many names, or names that wait too long. */
  boolean isOverdue(long now) {
    return names.size() > MOST || names.values().stream().anyMatch(time -> time < now - LONGEST_MILLIS);
  }

  /** Whether a look at these users ends the waiting of any of them. */
  boolean endsBy(long now, boolean everybody) {
    return everybody || names.values().stream().anyMatch(time -> isFinal(time, now));
  }

  /**
   * What still waits after a look.
   *
   * @param looked what waited when the look began
   * @param now when that was
   * @param everybody whether all users were compared
   * @param next the new mark
   */
  WaitingUsers after(WaitingUsers looked, long now, boolean everybody, String next) {
    Map<String, Long> left = new TreeMap<>(names);
    left.entrySet().removeIf(
        entry -> isFinal(entry.getValue(), now) && entry.getValue().equals(looked.names.get(entry.getKey())));
    boolean compared = everybody && all == looked.all && isFinal(all, now);
    return new WaitingUsers(next, compared ? 0 : all, left);
  }
}
