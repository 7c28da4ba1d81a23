package com.atlassian.plugin.event.events;

import com.atlassian.plugin.Plugin;

/** An app is about to be uninstalled, and not to be upgraded. */
public class PluginUninstallingEvent {
  private final Plugin plugin;

  public PluginUninstallingEvent(Plugin plugin) {
    this.plugin = plugin;
  }

  public Plugin getPlugin() {
    return plugin;
  }
}
