package com.mumosystems.oktaprofiles.jira.panel;

import com.atlassian.jira.issue.Issue;
import com.atlassian.plugin.web.Condition;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
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
    Issue issue = PanelContext.issue(context);
    if (issue == null || issue.getProjectObject() == null) {
      return false;
    }
    try {
      Plugin plugin = Plugin.current();
      JiraSettings settings = plugin.settings().read();
      boolean chosen = settings.projects().contains(issue.getProjectObject().getKey());
      return chosen && PanelAccess.isGranted(plugin, settings);
    } catch (RuntimeException e) {
      System.getLogger(IssuePanelCondition.class.getName()).log(System.Logger.Level.WARNING, "No panel is shown", e);
      return false;
    }
  }
}
