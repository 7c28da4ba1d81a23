package com.mumosystems.oktaprofiles;

/**
 * A Jira user, as the host hands it over and as look-ups give it back.
 *
 * @param key Jira's user key; never empty
 * @param username the name the user signs in with
 * @param email the e-mail address; empty if Jira has none
 * @param displayName the name shown; empty if Jira has none
 * @param active whether the user may sign in
 */
public record JiraUser(
    String key,
    String username,
    String email,
    String displayName,
    boolean active) {}
