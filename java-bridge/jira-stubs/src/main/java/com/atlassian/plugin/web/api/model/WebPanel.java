package com.atlassian.plugin.web.api.model;

import java.io.IOException;
import java.io.Writer;
import java.util.Map;

/** A panel that writes its own HTML. From Jira 10 on; Jira renders {@link #getHtml} only. */
public interface WebPanel {
  String getHtml(Map<String, Object> context);

  void writeHtml(Writer writer, Map<String, Object> context) throws IOException;
}
