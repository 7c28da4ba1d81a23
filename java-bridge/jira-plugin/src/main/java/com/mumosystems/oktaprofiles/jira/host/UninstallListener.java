package com.mumosystems.oktaprofiles.jira.host;

import com.atlassian.plugin.event.PluginEventListener;
import com.atlassian.plugin.event.PluginEventManager;
import com.atlassian.plugin.event.events.PluginUninstallingEvent;

/**
 * Learns that the plugin is being uninstalled. A bundle is told only that it stops, which it also does for an
 * upgrade, for a restart and when it is disabled.
 */
public final class UninstallListener {
  private final String pluginKey;
  private final Runnable action;

  private UninstallListener(String pluginKey, Runnable action) {
    this.pluginKey = pluginKey;
    this.action = action;
  }

  /**
   * Begins to listen.
   *
   * @param host the services of Jira
   * @param pluginKey whose uninstallation counts
   * @param action what is done then, while the plugin still runs
   * @return ends the listening; the host would keep the plugin's classes alive otherwise
   */
  public static Runnable listen(Host host, String pluginKey, Runnable action) {
    UninstallListener listener = new UninstallListener(pluginKey, action);
    host.require(PluginEventManager.class).register(listener);
    return () -> host.require(PluginEventManager.class).unregister(listener);
  }

  /**
   * Called by Jira.
   *
   * @param event whose uninstallation begins
   */
  @PluginEventListener
  public void onUninstalling(PluginUninstallingEvent event) {
    if (pluginKey.equals(event.getPlugin().getKey())) {
      action.run();
    }
  }
}
