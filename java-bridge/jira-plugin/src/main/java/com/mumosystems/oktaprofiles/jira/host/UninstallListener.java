package com.mumosystems.oktaprofiles.jira.host;

import com.atlassian.plugin.event.PluginEventListener;
import com.atlassian.plugin.event.PluginEventManager;
import com.atlassian.plugin.event.events.PluginUninstallingEvent;

/**
 * Notices that the plugin is being uninstalled. The bundle itself is only told to stop, and that also happens for
 * an upgrade, a restart, and when it is disabled.
 */
public final class UninstallListener {
  private final String pluginKey;
  private final Runnable action;

  private UninstallListener(String pluginKey, Runnable action) {
    this.pluginKey = pluginKey;
    this.action = action;
  }

  /**
   * Starts listening.
   *
   * @param host the services of Jira
   * @param pluginKey the plugin whose uninstallation counts
   * @param action runs at the uninstallation, while the plugin is still running
   * @return ends the listening; without that the host would keep the plugin's classes alive
   */
  public static Runnable listen(Host host, String pluginKey, Runnable action) {
    UninstallListener listener = new UninstallListener(pluginKey, action);
    host.require(PluginEventManager.class).register(listener);
    return () -> host.require(PluginEventManager.class).unregister(listener);
  }

  /**
   * Jira calls this.
   *
   * @param event names the plugin that is being uninstalled
   */
  @PluginEventListener
  public void onUninstalling(PluginUninstallingEvent event) {
    if (pluginKey.equals(event.getPlugin().getKey())) {
      action.run();
    }
  }
}
