package com.mumosystems.oktaprofiles.jira.panel;

import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.plugin.web.api.model.WebPanel;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.profile.Profile;
import com.mumosystems.oktaprofiles.jira.profile.Visibility;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/** The Okta profile on the page of a Jira user. */
public final class ProfilePanel implements WebPanel {
  /** Jira calls this constructor. */
  public ProfilePanel() {}

  @Override
  public String getHtml(Map<String, Object> context) {
    return PanelContext.guarded(plugin -> html(plugin, context));
  }

  private static String html(Plugin plugin, Map<String, Object> context) {
    Visibility visibility = Visibility.now(plugin);
    if (!(context.get("profileUser") instanceof ApplicationUser user) || !visibility.admitsViewer()) {
      return "";
    }
    ProfileHtml html = new ProfileHtml(plugin);
    try {
      Profile profile = plugin.directory().lookUp(
          engine -> Profile.ofJiraUsers(engine, List.of(user.getKey()), visibility).get(user.getKey()));
      return html.person(null, user, profile);
    } catch (OktaProfilesException e) {
      return "<p>" + html.text("okta-profiles.panel.unavailable") + "</p>";
    }
  }

  @Override
  public void writeHtml(Writer writer, Map<String, Object> context) throws IOException {
    writer.write(getHtml(context));
  }
}
