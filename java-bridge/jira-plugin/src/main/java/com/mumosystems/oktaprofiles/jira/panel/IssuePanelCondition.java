package com.mumosystems.oktaprofiles.jira.panel;

import com.atlassian.jira.issue.Issue;
import com.atlassian.plugin.web.Condition;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.Optionally;
import com.mumosystems.oktaprofiles.jira.profile.Visibility;
import java.util.Map;

/** Shows the panel in the chosen projects, to people who may see profiles. */
public final class IssuePanelCondition implements Condition {
  /** Jira calls this constructor. */
  public IssuePanelCondition() {}

  @Override
  public void init(Map<String, String> parameters) {
    // There are no parameters.
  }

  @Override
  public boolean shouldDisplay(Map<String, Object> context) {
    try {
      return Optionally.get("the panel on issues", false, () -> isWanted(context));
    } catch (RuntimeException e) {
      String what = "The panel on an issue is not shown, because its condition failed";
      JiraLog.of(IssuePanelCondition.class).log(System.Logger.Level.WARNING, what, e);
      return false;
    }
  }

  private static boolean isWanted(Map<String, Object> context) {
    Issue issue = PanelContext.issue(context);
    return issue != null
        && Plugin.running().filter(plugin -> IssuePanel.isDisplayed(issue, Visibility.now(plugin))).isPresent();
  }
}
