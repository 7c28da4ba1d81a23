package com.mumosystems.oktaprofiles;

import java.util.List;

/**
 * Keys of Jira users.
 *
 * @param keys the keys
 * @param next the position where the listing continues; null at its end
 */
public record JiraKeyPage(
    List<String> keys,
    String next) {}
