package com.mumosystems.oktaprofiles;

import java.time.Instant;
import java.util.Map;

/**
 * What the directory contains and how fresh it is. Written from the Rust tables by {@code make header}.
 *
 * @param orgId The org that the directory belongs to; empty before the first run.
 * @param digest Digest of all present users (hexadecimal); empty before the first complete run.
 * @param oktaUsers Present Okta users.
 * @param absentUsers Absent Okta users that are not yet erased.
 * @param orphanedUsers Deactivated Okta users whose Jira user is active.
 * @param jiraUsers Jira users.
 * @param byStatus Present Okta users by status.
 * @param matches How many users are in each match state.
 * @param changes Entries in the change feed.
 * @param lastChange Position of the newest change; 0 if there is none.
 * @param freshAsOf When the last complete run finished, full or delta; null before the first.
 * @param lastFull When the last complete full run finished; null before the first.
 * @param lastDelta When the last complete delta run finished; null before the first.
 * @param fileBytes Size of the database file in bytes.
 * @param schemaVersion Version of the database schema.
 */
public record DirectoryStatistics(
    String orgId,
    String digest,
    long oktaUsers,
    long absentUsers,
    long orphanedUsers,
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
