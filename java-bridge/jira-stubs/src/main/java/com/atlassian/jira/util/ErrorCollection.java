package com.atlassian.jira.util;

import java.util.Collection;

/** What went wrong. */
public interface ErrorCollection {
  void addErrorMessage(String message);

  Collection<String> getErrorMessages();

  boolean hasAnyErrors();
}
