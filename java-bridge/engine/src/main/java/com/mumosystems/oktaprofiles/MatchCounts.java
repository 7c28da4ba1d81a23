package com.mumosystems.oktaprofiles;

import java.util.Map;

/**
 * How many users are in each match state. For Okta and for Jira, the counts add up to all present users. Written from the Rust tables by {@code make header}.
 *
 * @param matched Pairs tied by a rule.
 * @param pinned Pairs tied by hand.
 * @param oktaAmbiguous Okta users in the state ambiguous.
 * @param jiraAmbiguous Jira users in the state ambiguous.
 * @param oktaOnly Okta users without a Jira user.
 * @param jiraOnly Jira users without an Okta user.
 * @param byRule Pairs by rule, in the order of the rules.
 */
public record MatchCounts(
    long matched,
    long pinned,
    long oktaAmbiguous,
    long jiraAmbiguous,
    long oktaOnly,
    long jiraOnly,
    Map<String, Long> byRule) {}
