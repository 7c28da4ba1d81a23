package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * Which changes of the feed are wanted.
 *
 * @param oktaId of this Okta user; null for all
 * @param run found by this run; 0 for all
 * @param since at this moment or later; null for all
 * @param until before this moment; null for all
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
