package com.mumosystems.oktaprofiles.jira.panel;

import com.atlassian.jira.issue.Issue;
import com.atlassian.jira.plugin.webfragment.model.JiraHelper;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.Optionally;
import java.util.Map;
import java.util.function.Function;

/** Helps panels with the page that they are on. */
final class PanelContext {
  private PanelContext() {}

  /**
   * The HTML of a panel. It is empty if the panel fails or the plugin is stopped, because the page must open in any
   * case.
   */
  static String guarded(Function<Plugin, String> panel) {
    try {
      return Optionally.get(
          "the panels on issues and users' pages", "", () -> Plugin.running().map(panel).orElse(""));
    } catch (RuntimeException e) {
      JiraLog.of(PanelContext.class).log(System.Logger.Level.WARNING, "A panel cannot be shown", e);
      return "";
    }
  }

  /** The issue, from the context itself or from its helper; null on other pages. */
  static Issue issue(Map<String, Object> context) {
    if (context.get("issue") instanceof Issue issue) {
      return issue;
    }
    boolean helped = context.get("helper") instanceof JiraHelper;
    Object inHelper = helped ? ((JiraHelper) context.get("helper")).getContextParams().get("issue") : null;
    return inHelper instanceof Issue issue ? issue : null;
  }
}
