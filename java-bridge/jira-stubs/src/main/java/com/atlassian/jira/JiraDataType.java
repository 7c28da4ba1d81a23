package com.atlassian.jira;

import java.util.Collection;

/** A type of values in JQL. */
public interface JiraDataType {
  Collection<String> asStrings();

  boolean matches(JiraDataType other);
}
