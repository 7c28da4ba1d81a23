package com.atlassian.jira.security.groups;

import java.util.Collection;

/** The groups of Jira. */
public interface GroupManager {
  boolean groupExists(String groupName);

  Collection<String> getAllGroupNames();
}
