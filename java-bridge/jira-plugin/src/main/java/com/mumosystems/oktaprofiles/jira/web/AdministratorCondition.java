package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.plugin.web.Condition;
import com.atlassian.sal.api.user.UserKey;
import com.atlassian.sal.api.user.UserManager;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.Optionally;
import java.util.Map;

/** Shows the menu item only to people who may open the page, because Jira's other administrators see the menu too. */
public final class AdministratorCondition implements Condition {
  private static final System.Logger LOG = JiraLog.of(AdministratorCondition.class);

  /** Jira calls this constructor. */
  public AdministratorCondition() {}

  @Override
  public void init(Map<String, String> parameters) {
    // There are no parameters.
  }

  @Override
  public boolean shouldDisplay(Map<String, Object> context) {
    try {
      return Optionally.get("the item in the menu of administrators", false, AdministratorCondition::admitsViewer);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "The menu item of Okta Profiles is not shown", e);
      return false;
    }
  }

  /**
   * Whether the viewer may open the administration page.
   *
   * @return true if so
   */
  public static boolean admitsViewer() {
    Plugin plugin = Plugin.running().orElse(null);
    if (plugin == null) {
      return false;
    }
    UserManager users = plugin.host().require(UserManager.class);
    UserKey viewer = users.getRemoteUserKey();
    return viewer != null && users.isSystemAdmin(viewer);
  }
}
