package com.mumosystems.oktaprofiles;

import java.util.List;

/**
 * What replacing the Jira users did, or would do.
 *
 * @param added users that were not there before
 * @param updated users of whom something changed
 * @param removed users that are gone
 * @param unchanged users that are as they were
 * @param matchesEnded pairs that were tied and are not any more
 * @param matchesBegun pairs that were not tied before
 * @param passedOver users that have no key and were left out
 * @param repeated users that had the key of an earlier one and took its place
 * @param needsConfirmation whether it loses so much that it is refused unless confirmed
 * @param warnings who was passed over or repeated, by the place among the users
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
