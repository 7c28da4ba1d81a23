package com.mumosystems.oktaprofiles.jira.panel;

import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.sal.api.ApplicationProperties;
import com.atlassian.sal.api.UrlMode;
import com.atlassian.sal.api.message.I18nResolver;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.profile.Profile;
import com.mumosystems.oktaprofiles.jira.web.AdminServlet;
import com.mumosystems.oktaprofiles.jira.web.AdministratorCondition;
import com.mumosystems.oktaprofiles.jira.web.Html;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A profile as HTML: a definition list in Jira's style, with every value escaped. */
final class ProfileHtml {
  private final I18nResolver i18n;
  /**
   * The address of the administration page of a person; Okta's id is appended to it. Null for viewers who are not
   * administrators.
   */
  private final String directory;

  ProfileHtml(Plugin plugin) {
    i18n = plugin.host().require(I18nResolver.class);
    directory = AdministratorCondition.admitsViewer()
        ? plugin.host().require(ApplicationProperties.class).getBaseUrl(UrlMode.RELATIVE) + AdminServlet.PATH
            + "/admin#/directory/"
        : null;
  }

  /** One person under a heading, with the name from Jira. For a person without a profile the text says so. */
  String person(String headingKey, ApplicationUser user, Profile profile) {
    StringBuilder html = new StringBuilder("<section class=\"okta-profiles-person\">");
    if (headingKey != null) {
      html.append("<h5>").append(text(headingKey)).append("</h5>");
    }
    if (profile == null) {
      html.append("<p class=\"okta-profiles-none\">").append(text("okta-profiles.panel.none")).append("</p>");
    } else {
      html.append("<p><strong>").append(Html.escape(String.valueOf(user.getDisplayName()))).append("</strong>");
      if (profile.status() != null && !profile.status().equals("ACTIVE")) {
        html.append(" <span class=\"aui-lozenge aui-lozenge-subtle\">").append(status(profile.status()));
        html.append("</span>");
      }
      html.append("</p><dl class=\"details-layout okta-profiles-attributes\">");
      profile.shown().forEach(attribute -> row(html, Html.escape(attribute.title()), Profile.text(attribute)));
      row(html, text("okta-profiles.panel.manager"), profile.manager());
      row(html, text("okta-profiles.panel.groups"), String.join(", ", profile.groups()));
      html.append("</dl>");
      link(html, profile.oktaId());
    }
    return html.append("</section>").toString();
  }

  private void link(StringBuilder html, String oktaId) {
    if (directory != null) {
      String address = directory + URLEncoder.encode(oktaId, StandardCharsets.UTF_8);
      html.append("<p class=\"okta-profiles-more\"><a href=\"").append(Html.escape(address)).append("\">");
      html.append(text("okta-profiles.panel.open")).append("</a></p>");
    }
  }

  /** Okta's status in words. A status that our texts do not know is shown as Okta writes it. */
  private String status(String status) {
    String key = "okta-profiles.page.status." + status;
    String words = i18n.getText(key);
    return Html.escape(words.equals(key) ? status : words);
  }

  private static void row(StringBuilder html, String title, String value) {
    if (value != null && !value.isEmpty()) {
      html.append("<dt>").append(title).append("</dt><dd>").append(Html.escape(value)).append("</dd>");
    }
  }

  /** A text in the reader's language. */
  String text(String key) {
    return Html.escape(i18n.getText(key));
  }
}
