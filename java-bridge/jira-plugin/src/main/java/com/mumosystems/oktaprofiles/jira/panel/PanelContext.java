package com.mumosystems.oktaprofiles.jira.panel;

import com.atlassian.jira.issue.Issue;
import com.atlassian.jira.plugin.webfragment.model.JiraHelper;
import java.util.Map;

/** What Jira tells a panel about the page it is on. */
final class PanelContext {
  private PanelContext() {}

  /** The issue, which stands in the context itself or in its helper; null elsewhere. */
  static Issue issue(Map<String, Object> context) {
    if (context.get("issue") instanceof Issue issue) {
      return issue;
    }
    boolean helped = context.get("helper") instanceof JiraHelper;
    Object inHelper = helped ? ((JiraHelper) context.get("helper")).getContextParams().get("issue") : null;
    return inHelper instanceof Issue issue ? issue : null;
  }
}
