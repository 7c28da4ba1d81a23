package com.mumosystems.oktaprofiles;

import java.util.List;

/**
 * The effect of replacing the Jira users, or a forecast of it. Written from the Rust tables by {@code make header}.
 *
 * @param added Users that are new in the directory.
 * @param updated Users with a changed field.
 * @param removed Users that are no longer among the Jira users.
 * @param unchanged Users without a change.
 * @param matchesEnded Pairs that were tied before and are no longer tied.
 * @param matchesBegun Pairs that were not tied before.
 * @param passedOver Users that have no key and were left out.
 * @param repeated Users that had the same key as an earlier one and replaced it.
 * @param needsConfirmation Whether so much is lost that the hand-over is refused unless it is confirmed.
 * @param warnings Which users were left out or repeated, by their position in the list.
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
