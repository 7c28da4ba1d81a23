package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.jira.issue.Issue;
import com.atlassian.jira.project.Project;
import com.atlassian.jira.user.ApplicationUser;

/**
 * An issue as far as panels look at it.
 *
 * @param project where it is
 * @param reporter who reported it, or null
 * @param assignee who works on it, or null
 */
public record FakeIssue(Project project, ApplicationUser reporter, ApplicationUser assignee) implements Issue {
  @Override
  public Project getProjectObject() {
    return project;
  }

  @Override
  public ApplicationUser getReporter() {
    return reporter;
  }

  @Override
  public ApplicationUser getAssignee() {
    return assignee;
  }
}
