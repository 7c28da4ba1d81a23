package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.sal.api.message.I18nResolver;
import com.atlassian.webresource.api.assembler.PageBuilderService;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import java.io.IOException;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.TreeMap;
import javax.servlet.http.HttpServletResponse;

/**
 * Writes the administration page. It is a static template; its script requests everything that changes. The
 * script's texts are JSON in an attribute, because a strict Content-Security-Policy forbids inline scripts.
 */
final class AdminPage {
  private static final String TEMPLATE = "/admin/admin.html";
  private static final String TEXTS = "i18n.okta-profiles-page";

  private AdminPage() {}

  static void write(Host host, String contextPath, HttpServletResponse response) throws IOException {
    requireAui(host);
    String html = Template.fill(host, TEMPLATE, Map.of(
        "base", contextPath + AdminServlet.PATH,
        "resources", contextPath + "/download/resources/" + Plugin.KEY + ":admin/" + host.version(),
        "version", host.version(),
        "texts", texts(host)));
    Answer.protect(response);
    response.setContentType("text/html;charset=UTF-8");
    response.getWriter().write(html);
  }

  private static void requireAui(Host host) {
    try {
      host.find(PageBuilderService.class)
          .ifPresent(page -> page.assembler().resources().requireWebResource(Plugin.KEY + ":aui"));
    } catch (LinkageError e) {
      // The package is optional. The decorator of administration pages loads AUI anyway.
      JiraLog.of(AdminPage.class).log(System.Logger.Level.DEBUG, "no page builder", e);
    }
  }

  private static String texts(Host host) {
    I18nResolver i18n = host.require(I18nResolver.class);
    Map<String, String> texts = new TreeMap<>();
    ResourceBundle keys = ResourceBundle.getBundle(TEXTS, java.util.Locale.ROOT, AdminPage.class.getClassLoader());
    keys.keySet().forEach(key -> texts.put(key, i18n.getText(key)));
    return Answer.GSON.toJson(texts);
  }
}
