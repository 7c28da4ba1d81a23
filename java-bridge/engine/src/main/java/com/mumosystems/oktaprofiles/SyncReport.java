package com.mumosystems.oktaprofiles;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The record of one run. For a complete run, seen = added + updated + touched + unchanged. For a complete full run, also present = seen. Written from the Rust tables by {@code make header}.
 *
 * @param run Number of the run.
 * @param mode What the run reads: full, delta or live.
 * @param reason Why the run has this mode: asked, changes_suffice, first_run, full_due, last_run_refused, confirmed, schema_changed, settings_changed, jira_users_changed, watermark_unknown, search_refused, events, many_events or events_lost.
 * @param updatedSince A delta run reads users that were updated at this time of Okta's clock or later; null for a full run.
 * @param state How the run stands: running, interrupted, complete, refused or dropped.
 * @param errorCode Number of the error that stopped or refused the run; 0 if none.
 * @param errorMessage The sentence of that error; empty if none.
 * @param started When the run began.
 * @param finished When the run ended; null while it is unfinished.
 * @param attempts How many calls worked on the run.
 * @param slices How many listings the run had to read.
 * @param slicesEnded How many listings it has read to the end.
 * @param pages Pages committed.
 * @param seen Different users seen.
 * @param repeated Rows that Okta sent more than once.
 * @param passedOver Rows of users that the setting retain leaves out.
 * @param added Users new in the directory.
 * @param updated Users with changed content.
 * @param touched Users of which only time stamps changed.
 * @param unchanged Users without a change.
 * @param returned Users that were absent and are present again.
 * @param absent Users marked absent.
 * @param purged Absent users erased.
 * @param present Users present after the run.
 * @param matched Pairs tied by a rule.
 * @param pinned Pairs tied by hand.
 * @param oktaAmbiguous Okta users in the state ambiguous.
 * @param jiraAmbiguous Jira users in the state ambiguous.
 * @param oktaOnly Okta users without a Jira user.
 * @param jiraOnly Jira users without an Okta user.
 * @param byRuleJson Pairs by rule: JSON array of [rule, pairs].
 * @param requests Requests sent, including repeated ones.
 * @param retries How many of these requests repeated a failed one.
 * @param waited Time spent waiting, in milliseconds.
 * @param bytes Bytes of the answers, after decompression.
 * @param elapsed Time spent, in milliseconds.
 * @param watermark The greatest lastUpdated that the run saw.
 * @param digest Digest of all present users (hexadecimal); empty unless the run is complete.
 * @param groups The result of reading groups in one sync. Null if there is none.
 * @param warnings Warnings, one sentence a line; empty if there are none.
 */
public record SyncReport(
    long run,
    RunMode mode,
    RunReason reason,
    Instant updatedSince,
    RunState state,
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
    long passedOver,
    long added,
    long updated,
    long touched,
    long unchanged,
    long returned,
    long absent,
    long purged,
    long present,
    long matched,
    long pinned,
    long oktaAmbiguous,
    long jiraAmbiguous,
    long oktaOnly,
    long jiraOnly,
    String byRuleJson,
    long requests,
    long retries,
    Duration waited,
    long bytes,
    Duration elapsed,
    Instant watermark,
    String digest,
    GroupCounts groups,
    List<String> warnings) {}
