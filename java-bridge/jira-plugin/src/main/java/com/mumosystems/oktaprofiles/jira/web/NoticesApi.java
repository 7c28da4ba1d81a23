package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.sal.api.ApplicationProperties;
import com.atlassian.sal.api.UrlMode;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.notice.Concern;
import com.mumosystems.oktaprofiles.jira.notice.NoticeText;
import java.util.List;
import java.util.Map;

/**
 * Notices for the flags on Jira's administration pages. They contain no personal data, so no secure administrator
 * session is needed. A user who may not open the page gets none.
 */
final class NoticesApi {
  private NoticesApi() {}

  static Object show(Plugin plugin) {
    if (!AdministratorCondition.admitsViewer()) {
      return Map.of("notices", List.of());
    }
    String page = plugin.host().require(ApplicationProperties.class).getBaseUrl(UrlMode.RELATIVE)
        + AdminServlet.PATH + "/admin";
    NoticeText text = new NoticeText(plugin.host());
    return Map.of(
        "page", page,
        "name", text.name(),
        "open", text.besides("open"),
        "close", text.besides("close"),
        "notices", plugin.notices().concerns().stream().map(concern -> notice(text, concern)).toList());
  }

  private static Map<String, String> notice(NoticeText text, Concern concern) {
    return Map.of("cause", concern.cause(), "title", text.title(concern), "text", text.text(concern));
  }
}
