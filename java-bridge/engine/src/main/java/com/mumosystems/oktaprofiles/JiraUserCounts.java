package com.mumosystems.oktaprofiles;

/**
 * What replacing the Jira users did.
 *
 * @param added users that were not there before
 * @param updated users of whom something changed
 * @param removed users that are gone
 * @param unchanged users that are as they were
 */
public record JiraUserCounts(
    long added,
    long updated,
    long removed,
    long unchanged) {}
