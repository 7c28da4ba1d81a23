package com.atlassian.jira.bc;

import com.atlassian.jira.util.ErrorCollection;

/** How something ended. */
public interface ServiceResult {
  boolean isValid();

  ErrorCollection getErrorCollection();
}
