package com.mumosystems.oktaprofiles.jira.panel;

import com.atlassian.sal.api.user.UserKey;
import com.atlassian.sal.api.user.UserManager;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;

/** Who sees profiles outside the administration page: whoever is signed in and in the group that was set. */
public final class PanelAccess {
  private PanelAccess() {}

  /**
   * Whether the one who looks may see profiles.
   *
   * @param plugin the plugin
   * @param settings its settings
   * @return whether
   */
  public static boolean isGranted(Plugin plugin, JiraSettings settings) {
    UserManager users = plugin.host().require(UserManager.class);
    return isGranted(users, users.getRemoteUserKey(), settings);
  }

  /**
   * Whether a user may see profiles.
   *
   * @param users SAL's users
   * @param viewer the user; null for nobody
   * @param settings the plugin's settings
   * @return whether
   */
  public static boolean isGranted(UserManager users, UserKey viewer, JiraSettings settings) {
    String group = settings.visibleToGroup();
    return viewer != null && (group.isBlank() || users.isUserInGroup(viewer, group.strip()));
  }
}
