package com.atlassian.jira.security.groups;

/** The groups of Jira. */
public interface GroupManager {
  boolean groupExists(String groupName);
}
