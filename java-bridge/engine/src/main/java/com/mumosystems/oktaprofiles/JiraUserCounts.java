package com.mumosystems.oktaprofiles;

import java.util.List;

/**
 * What replacing the Jira users did, or would do. Written from the Rust tables by {@code make header}.
 *
 * @param added Users that were not there before.
 * @param updated Users of whom something changed.
 * @param removed Users that are gone.
 * @param unchanged Users that are as they were.
 * @param matchesEnded Pairs that were tied and are not any more.
 * @param matchesBegun Pairs that were not tied before.
 * @param passedOver Users that have no key and were left out.
 * @param repeated Users that had the key of an earlier one and took its place.
 * @param needsConfirmation Whether it loses so much that it is refused unless confirmed.
 * @param warnings Who was passed over or repeated, by the place among the users.
 */
public record JiraUserCounts(
    long added,
    long updated,
    long removed,
    long unchanged,
    long matchesEnded,
    long matchesBegun,
    long passedOver,
    long repeated,
    boolean needsConfirmation,
    List<String> warnings) {}
