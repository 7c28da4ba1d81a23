package com.atlassian.jira.plugin.webfragment.model;

import java.util.Map;

/** What a web fragment is told about its page. */
public class JiraHelper {
  private final Map<String, Object> context;

  public JiraHelper(Map<String, Object> context) {
    this.context = context;
  }

  public Map<String, Object> getContextParams() {
    return context;
  }
}
