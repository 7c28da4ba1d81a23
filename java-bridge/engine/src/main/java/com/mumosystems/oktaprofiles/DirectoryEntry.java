package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * One entry of the directory: an Okta user, a Jira user, or both if they are tied. Written from the Rust tables by {@code make header}.
 *
 * @param okta An Okta user. Members that Okta leaves out are null. Null if there is none.
 * @param jira A user of Jira. Null if there is none.
 * @param state How the user is tied: matched, pinned, ambiguous, okta_only or jira_only.
 * @param rule The rule that tied the user or found it ambiguous; for an inactive user that is alone, the rule under which an active user with the same value was preferred; empty if none.
 * @param value The folded value that the rule compared; empty if none.
 * @param absentSince When a complete run first did not see the user; null if the user is present.
 * @param cursor The cursor with which a listing continues after this row.
 */
public record DirectoryEntry(
    OktaUser okta,
    JiraUser jira,
    MatchState state,
    String rule,
    String value,
    Instant absentSince,
    long cursor) {}
