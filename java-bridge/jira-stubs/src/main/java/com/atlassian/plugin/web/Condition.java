package com.atlassian.plugin.web;

import com.atlassian.plugin.PluginParseException;
import java.util.Map;

/** Whether a web fragment is shown. */
public interface Condition {
  void init(Map<String, String> parameters) throws PluginParseException;

  boolean shouldDisplay(Map<String, Object> context);
}
