package com.mumosystems.oktaprofiles;

/**
 * The result of reading groups in one sync. Written from the Rust tables by {@code make header}.
 *
 * @param listed Groups that Okta listed and the settings want; null if groups were not read.
 * @param added Groups new in the directory.
 * @param updated Groups whose profile changed.
 * @param removed Groups that were deleted in Okta or are no longer wanted.
 * @param membersRead Groups whose members were read.
 * @param memberships Memberships in the directory after the run.
 */
public record GroupCounts(
    long listed,
    long added,
    long updated,
    long removed,
    long membersRead,
    long memberships) {}
