package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * Selects changes of the feed.
 *
 * @param oktaId only changes of this Okta user; null for all users
 * @param run only changes that this run found; 0 for all runs
 * @param since only changes at this time or later; null for no limit
 * @param until only changes before this time; null for no limit
 */
public record ChangeFilter(String oktaId, long run, Instant since, Instant until) {
  /** Every change. */
  public static final ChangeFilter ALL = new ChangeFilter(null, 0, null, null);

  long sinceMillis() {
    return since == null ? 0 : since.toEpochMilli();
  }

  long untilMillis() {
    return until == null ? 0 : until.toEpochMilli();
  }
}
