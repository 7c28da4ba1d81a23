package com.mumosystems.oktaprofiles.jira.panel;

import com.atlassian.jira.issue.Issue;
import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.plugin.web.api.model.WebPanel;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.profile.Profile;
import com.mumosystems.oktaprofiles.jira.profile.Visibility;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The Okta profiles of an issue's reporter and assignee, beside the issue. Reads only this node's directory. */
public final class IssuePanel implements WebPanel {
  /** Jira calls this constructor. */
  public IssuePanel() {}

  @Override
  public String getHtml(Map<String, Object> context) {
    return PanelContext.guarded(plugin -> html(plugin, context));
  }

  private static String html(Plugin plugin, Map<String, Object> context) {
    Issue issue = PanelContext.issue(context);
    Visibility visibility = Visibility.now(plugin);
    // Checked here too, although the condition checks it: a page without the condition must not show more.
    if (issue == null || !isDisplayed(issue, visibility)) {
      return "";
    }
    ProfileHtml html = new ProfileHtml(plugin);
    Map<String, ApplicationUser> people = new LinkedHashMap<>();
    people.put("okta-profiles.panel.reporter", issue.getReporter());
    people.put("okta-profiles.panel.assignee", issue.getAssignee());
    people.values().removeIf(Objects::isNull);
    List<String> keys = people.values().stream().map(ApplicationUser::getKey).toList();
    try {
      Map<String, Profile> profiles = plugin.directory().lookUp(engine -> Profile.ofJiraUsers(engine, keys, visibility));
      StringBuilder text = new StringBuilder();
      people.forEach((heading, user) -> text.append(html.person(heading, user, profiles.get(user.getKey()))));
      return text.toString();
    } catch (OktaProfilesException e) {
      return "<p>" + html.text("okta-profiles.panel.unavailable") + "</p>";
    }
  }

  /** Whether the viewer may see the panel on an issue. */
  static boolean isDisplayed(Issue issue, Visibility visibility) {
    return issue.getProjectObject() != null
        && visibility.reaches(issue.getProjectObject().getKey())
        && visibility.admitsViewer();
  }

  @Override
  public void writeHtml(Writer writer, Map<String, Object> context) throws IOException {
    writer.write(getHtml(context));
  }
}
