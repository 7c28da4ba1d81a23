package com.mumosystems.oktaprofiles;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The record of one run. For a complete run seen = added + updated + touched + unchanged, and for a full one present = seen. Written from the Rust tables by {@code make header}.
 *
 * @param run Number of the run.
 * @param mode What the run reads: full, delta or live.
 * @param reason Why the run is of its mode: asked, changes_suffice, first_run, full_due, last_run_refused, confirmed, schema_changed, settings_changed, jira_users_changed, watermark_unknown, search_refused, events, many_events or events_lost.
 * @param updatedSince A delta run asks for users updated at this moment of Okta's clock or later; null in a full run.
 * @param state How the run stands: running, interrupted, complete, refused or dropped.
 * @param errorCode Number of the error that stopped or refused the run; 0 if none.
 * @param errorMessage That error's sentence; empty if none.
 * @param started When the run began.
 * @param finished When it ended; null while unfinished.
 * @param attempts How many calls worked on it.
 * @param slices Listings that had to end.
 * @param slicesEnded Listings that ended.
 * @param pages Pages committed.
 * @param seen Different users seen.
 * @param repeated Rows that Okta sent more than once.
 * @param passedOver Rows of users that the setting retain leaves out.
 * @param added Users new in the directory.
 * @param updated Users with changed content.
 * @param touched Users of whom only time stamps moved.
 * @param unchanged Users as the directory had them.
 * @param returned Users that had been absent.
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
 * @param requests Requests sent, retries included.
 * @param retries Of these, retries.
 * @param waited Time spent waiting, in milliseconds.
 * @param bytes Bytes of the answers after decompression.
 * @param elapsed Time spent, in milliseconds.
 * @param watermark Greatest lastUpdated seen.
 * @param digest Digest of all present users (hex); empty unless complete.
 * @param groups What reading groups did in one sync. Null if there is none.
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
