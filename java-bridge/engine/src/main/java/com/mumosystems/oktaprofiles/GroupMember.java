package com.mumosystems.oktaprofiles;

/**
 * A member of a group. If the user is not in the directory, only the id is known. Written from the Rust tables by {@code make header}.
 *
 * @param oktaId Okta's user id.
 * @param status Okta's status, such as ACTIVE.
 * @param login The login.
 * @param displayName The display name.
 * @param jiraKey Jira's user key.
 */
public record GroupMember(
    String oktaId,
    String status,
    String login,
    String displayName,
    String jiraKey) {}
