package com.mumosystems.oktaprofiles;

import java.util.List;

/**
 * A Jira user with what is known of the Okta user it is tied to; all parts are of one moment.
 *
 * @param entry both users, and what ties them
 * @param attributes the profile under its titles, in the order of the schema
 * @param manager the manager; null if there is none, or nobody here
 * @param groups the Okta groups, in the order of their names
 */
public record Person(
    DirectoryEntry entry, List<TitledValue> attributes, DirectoryEntry manager, List<Group> groups) {}
