package com.mumosystems.oktaprofiles;

import java.time.Instant;
import java.util.Map;

/**
 * What is in the directory and how fresh it is.
 *
 * @param orgId the org it belongs to; empty before the first run
 * @param digest digest of all present users (hex); empty before the first complete run
 * @param oktaUsers present Okta users
 * @param absentUsers absent Okta users that are not yet erased
 * @param jiraUsers Jira users handed in
 * @param byStatus present Okta users by status
 * @param matches the match states
 * @param changes entries in the change feed
 * @param lastChange position of the newest change; 0 if there is none
 * @param freshAsOf when the last complete run finished, full or delta; null before the first
 * @param lastFull when the last complete full run finished; null before the first
 * @param lastDelta when the last complete delta run finished; null before the first
 * @param fileBytes size of the database file
 * @param schemaVersion version of the schema
 */
public record DirectoryStatistics(
    String orgId,
    String digest,
    long oktaUsers,
    long absentUsers,
    long jiraUsers,
    Map<String, Long> byStatus,
    MatchCounts matches,
    long changes,
    long lastChange,
    Instant freshAsOf,
    Instant lastFull,
    Instant lastDelta,
    long fileBytes,
    long schemaVersion) {}
