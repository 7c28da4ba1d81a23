package com.mumosystems.oktaprofiles;

/**
 * A member of a group. Of a member whom the directory does not hold only the id is known.
 *
 * @param oktaId Okta's user id
 * @param status Okta's status, or null
 * @param login the login, or null
 * @param displayName the display name, or null
 * @param jiraKey key of the Jira user the member is tied to, or null
 */
public record GroupMember(
    String oktaId,
    String status,
    String login,
    String displayName,
    String jiraKey) {}
