package com.atlassian.plugin.event;

/** Who is told what happens to apps. */
public interface PluginEventManager {
  void register(Object listener);

  void unregister(Object listener);
}
