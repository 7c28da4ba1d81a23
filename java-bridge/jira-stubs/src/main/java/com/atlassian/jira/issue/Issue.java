package com.atlassian.jira.issue;

import com.atlassian.jira.project.Project;
import com.atlassian.jira.user.ApplicationUser;

/** An issue, as far as a panel needs it. */
public interface Issue {
  Project getProjectObject();

  ApplicationUser getReporter();

  ApplicationUser getAssignee();
}
