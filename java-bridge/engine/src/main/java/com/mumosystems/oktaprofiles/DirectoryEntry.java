package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * One line of the directory: an Okta user, a Jira user, or both where they are tied.
 *
 * @param okta the Okta user; null for a Jira user without one
 * @param jira the Jira user; null for an Okta user without one
 * @param state how the two are tied
 * @param rule the rule that tied them or found them ambiguous, such as login=username; empty if none
 * @param value the folded value that the rule compared; empty if none
 * @param absentSince since when a complete run has not seen the Okta user; null if it is present
 * @param cursor where a listing goes on after this entry
 */
public record DirectoryEntry(
    OktaUser okta,
    JiraUser jira,
    MatchState state,
    String rule,
    String value,
    Instant absentSince,
    long cursor) {}
