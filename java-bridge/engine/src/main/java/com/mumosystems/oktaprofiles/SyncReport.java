package com.mumosystems.oktaprofiles;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The record of one run. For a complete run {@code seen = added + updated + touched + unchanged}, and for
 * a full one {@code present = seen}.
 *
 * @param run its number
 * @param mode full or delta
 * @param reason why it is of this mode: asked, changes_suffice, first_run, full_due, last_run_refused,
 *     confirmed, schema_changed, settings_changed, jira_users_changed, watermark_unknown or
 *     search_refused
 * @param updatedSince a delta asks for users updated at this moment of Okta's clock or later; null if full
 * @param state running, interrupted, complete, refused or dropped
 * @param errorCode number of the error that stopped or refused it; 0 if none
 * @param errorMessage that error's sentence; empty if none
 * @param started when it began
 * @param finished when it ended; null while unfinished
 * @param attempts how many calls worked on it
 * @param slices listings that had to end
 * @param slicesEnded listings that ended
 * @param pages pages committed
 * @param seen different users seen
 * @param repeated rows that Okta sent more than once
 * @param added users new in the directory
 * @param updated users of whom an attribute, the status or the type changed
 * @param touched users of whom only time stamps moved
 * @param unchanged users as the directory had them
 * @param returned users that had been absent
 * @param absent users marked absent
 * @param purged absent users erased
 * @param present users present after the run
 * @param requests requests sent, retries included
 * @param retries of these, retries
 * @param waited time spent waiting
 * @param bytes bytes of the answers after decompression
 * @param elapsed time spent in all attempts
 * @param watermark greatest lastUpdated seen, or null
 * @param digest digest of all present users (hex); empty unless complete
 * @param matched pairs tied by a rule
 * @param pinned pairs tied by hand
 * @param oktaAmbiguous Okta users in the state ambiguous
 * @param jiraAmbiguous Jira users in the state ambiguous
 * @param oktaOnly Okta users without a Jira user
 * @param jiraOnly Jira users without an Okta user
 * @param passedOver rows of users that the setting retain leaves out
 * @param groups what was read of groups; null if they were not read
 * @param warnings what went less well than it could, one sentence each; empty if nothing
 */
public record SyncReport(
    long run,
    String mode,
    String reason,
    Instant updatedSince,
    String state,
    int errorCode,
    String errorMessage,
    Instant started,
    Instant finished,
    long attempts,
    long slices,
    long slicesEnded,
    long pages,
    long seen,
    long repeated,
    long added,
    long updated,
    long touched,
    long unchanged,
    long returned,
    long absent,
    long purged,
    long present,
    long requests,
    long retries,
    Duration waited,
    long bytes,
    Duration elapsed,
    Instant watermark,
    String digest,
    long matched,
    long pinned,
    long oktaAmbiguous,
    long jiraAmbiguous,
    long oktaOnly,
    long jiraOnly,
    long passedOver,
    GroupCounts groups,
    List<String> warnings) {}
