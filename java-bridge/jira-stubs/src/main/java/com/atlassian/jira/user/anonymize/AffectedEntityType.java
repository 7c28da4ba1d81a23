package com.atlassian.jira.user.anonymize;

/** What becomes of what a plugin keeps. */
public enum AffectedEntityType {
  REMOVE,
  ANONYMIZE,
  TRANSFER_OWNERSHIP
}
