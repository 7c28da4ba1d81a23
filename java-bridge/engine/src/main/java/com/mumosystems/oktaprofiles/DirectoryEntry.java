package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * One entry of the directory: an Okta user, a Jira user, or both if they are tied. Written from the Rust tables by {@code make header}.
 *
 * @param okta An Okta user. Members that Okta leaves out are null. Null if there is none.
 * @param jira A user of Jira. Null if there is none.
 * @param state How the user is tied: matched, pinned, ambiguous, okta_only or jira_only.
 * @param rule The rule that tied the two or found them ambiguous, or under which an inactive user who is alone gave way to an active one; empty if none.
 * @param value The folded value that the rule compared; empty if none.
 * @param absentSince Since when a complete run has not seen the user; null if present.
 * @param cursor Where a listing goes on after this row.
 */
public record DirectoryEntry(
    OktaUser okta,
    JiraUser jira,
    MatchState state,
    String rule,
    String value,
    Instant absentSince,
    long cursor) {}
