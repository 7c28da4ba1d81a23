package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.sal.api.ApplicationProperties;
import com.atlassian.sal.api.UrlMode;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.JvmNetwork;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/** The connection to Okta: what it is, how it is made, whether it works. Secrets go in and never come out. */
final class ConnectionApi {
  private ConnectionApi() {}

  static Object show(Plugin plugin) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("kind", null);
    answer.put("orgUrl", null);
    answer.put("clientId", null);
    answer.put("redirectUri", redirectUri(plugin));
    answer.put("status", null);
    answer.put("network", network(plugin.settings().read().network()));
    return answer;
  }

  /** Where Okta sends the administrator back to; must be registered in Okta exactly like this. */
  static String redirectUri(Plugin plugin) {
    return plugin.host().require(ApplicationProperties.class).getBaseUrl(UrlMode.CANONICAL) + CallbackServlet.PATH;
  }

  private static Map<String, Object> network(JiraSettings.Network network) {
    Map<String, Object> view = new LinkedHashMap<>();
    String proxy = network.proxy() != null ? network.proxy() : JvmNetwork.proxy();
    view.put("proxy", JvmNetwork.withoutPassword(proxy));
    view.put("noProxy", network.noProxy() != null ? network.noProxy() : JvmNetwork.noProxy());
    view.put("caFile", network.caFile());
    view.put("inheritedProxy", network.proxy() == null);
    view.put("inheritedNoProxy", network.noProxy() == null);
    view.put("inheritedCaFile", network.caFile() == null);
    return view;
  }

  static Object token(Plugin plugin, Call call) {
    char[] token = call.required("apiToken").toCharArray();
    String orgUrl = call.required("orgUrl");
    plugin.directory().use(engine -> {
      engine.connect(orgUrl, token);
      return null;
    });
    java.util.Arrays.fill(token, ' ');
    return show(plugin);
  }

  static Object disconnect(Plugin plugin) {
    return show(plugin);
  }

  static Object validate(Plugin plugin) {
    return Views.validation(plugin.directory().use(engine -> engine.validate()));
  }
}
