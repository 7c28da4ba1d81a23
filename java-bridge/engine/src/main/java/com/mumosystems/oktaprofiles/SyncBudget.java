package com.mumosystems.oktaprofiles;

import java.time.Duration;
import java.util.List;

/**
 * What a sync that begins now would cost. What cannot be known is null.
 *
 * @param mode full or delta
 * @param reason why it would be of this mode, see {@link SyncReport#reason}
 * @param users how many users it would read; null for a delta
 * @param requests how many requests it would send without retries
 * @param duration how long it would take, estimated on the careful side
 * @param buckets the buckets of rate limits that it would draw on
 */
public record SyncBudget(
    String mode, String reason, Long users, Long requests, Duration duration, List<Bucket> buckets) {
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
