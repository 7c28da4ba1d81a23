package com.atlassian.jira.util;

import java.util.Set;

/** What is wrong with a query. */
public interface MessageSet {
  boolean hasAnyErrors();

  Set<String> getErrorMessages();

  void addErrorMessage(String message);

  Set<String> getWarningMessages();

  void addWarningMessage(String message);
}
