package com.mumosystems.oktaprofiles;

import java.time.Duration;
import java.util.List;

/**
 * How many requests and how much time a sync that begins now would need. An unknown value is null. Written from the Rust tables by {@code make header}.
 *
 * @param mode What the run reads: full, delta or live.
 * @param reason Why the run has this mode: asked, changes_suffice, first_run, full_due, last_run_refused, confirmed, schema_changed, settings_changed, jira_users_changed, watermark_unknown, search_refused, events, many_events or events_lost.
 * @param users How many users a sync would read; null if unknown; the same on every row.
 * @param requests How many requests a sync would send in all; null if unknown; the same on every row.
 * @param duration How long a sync would take, in milliseconds; null if unknown; the same on every row.
 * @param buckets What a sync would need of one bucket of Okta's rate limits. An unknown value is null.
 */
public record SyncBudget(
    RunMode mode,
    RunReason reason,
    Long users,
    Long requests,
    Duration duration,
    List<Bucket> buckets) {
  /**
   * What a sync would take from one bucket of Okta's rate limits.
   *
   * @param path the path that names it, such as {@code /api/v1/users}
   * @param requests how many requests the sync would send to it
   * @param limit requests a minute that Okta allows this credential
   * @param remaining requests left in the present minute
   * @param resetsIn how long the present minute still lasts
   * @param leftToOthers requests a minute that the sync leaves to others
   * @param duration how long the bucket alone would keep the sync
   */
  public record Bucket(
      String path,
      Long requests,
      Long limit,
      Long remaining,
      Duration resetsIn,
      Long leftToOthers,
      Duration duration) {}
}
