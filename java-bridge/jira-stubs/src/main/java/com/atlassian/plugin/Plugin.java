package com.atlassian.plugin;

/** An app as the host knows it. */
public interface Plugin {
  String getKey();
}
