package com.mumosystems.oktaprofiles;

/**
 * A user of Jira. Written from the Rust tables by {@code make header}.
 *
 * @param key Jira's user key.
 * @param username Jira's username.
 * @param email The e-mail address in Jira.
 * @param displayName The display name in Jira.
 * @param active Whether the Jira user may sign in.
 */
public record JiraUser(
    String key,
    String username,
    String email,
    String displayName,
    boolean active) {}
