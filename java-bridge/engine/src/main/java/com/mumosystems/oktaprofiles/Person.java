package com.mumosystems.oktaprofiles;

import java.util.List;

/**
 * A Jira user and the data of the matching Okta user. All parts were read at the same moment.
 *
 * @param entry both users, and the rule that matched them
 * @param attributes the profile with its titles, in the order of the schema
 * @param manager the manager; null if there is none, or if the manager is not in the directory
 * @param groups the Okta groups, in the order of their names
 */
public record Person(
    DirectoryEntry entry, List<TitledValue> attributes, DirectoryEntry manager, List<Group> groups) {}
