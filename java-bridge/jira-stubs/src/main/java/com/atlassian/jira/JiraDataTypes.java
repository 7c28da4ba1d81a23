package com.atlassian.jira;

import java.util.Collection;
import java.util.Set;

/** The types of values in JQL. */
public final class JiraDataTypes {
  public static final JiraDataType USER =
      new JiraDataType() {
        @Override
        public Collection<String> asStrings() {
          return Set.of("com.atlassian.jira.user.ApplicationUser");
        }

        @Override
        public boolean matches(JiraDataType other) {
          return other == this;
        }
      };

  private JiraDataTypes() {}
}
