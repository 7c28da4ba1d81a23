package com.mumosystems.oktaprofiles;

/**
 * What reading groups did in one sync.
 *
 * @param listed groups that Okta listed and the settings want
 * @param added groups new in the directory
 * @param updated groups whose profile changed
 * @param removed groups that are gone from Okta or no longer wanted
 * @param membersRead groups whose members were read
 * @param memberships memberships in the directory afterwards
 */
public record GroupCounts(
    long listed,
    long added,
    long updated,
    long removed,
    long membersRead,
    long memberships) {}
