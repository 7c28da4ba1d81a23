package com.mumosystems.oktaprofiles.jira.panel;

import com.atlassian.jira.issue.Issue;
import com.atlassian.plugin.web.Condition;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.Optionally;
import com.mumosystems.oktaprofiles.jira.profile.Visibility;
import java.util.Map;

/** Shows the panel in the projects that were chosen, to those who may see profiles. */
public final class IssuePanelCondition implements Condition {
  /** Made by Jira. */
  public IssuePanelCondition() {}

  @Override
  public void init(Map<String, String> parameters) {
    // Takes none.
  }

  @Override
  public boolean shouldDisplay(Map<String, Object> context) {
    try {
      return Optionally.get("the panel on issues", false, () -> isWanted(context));
    } catch (RuntimeException e) {
      JiraLog.of(IssuePanelCondition.class).log(System.Logger.Level.WARNING, "No panel is shown", e);
      return false;
    }
  }

  private static boolean isWanted(Map<String, Object> context) {
    Issue issue = PanelContext.issue(context);
    return issue != null
        && Plugin.running().filter(plugin -> IssuePanel.isDisplayed(issue, Visibility.now(plugin))).isPresent();
  }
}
