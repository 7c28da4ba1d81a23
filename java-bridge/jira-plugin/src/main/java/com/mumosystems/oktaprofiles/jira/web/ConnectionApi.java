package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.sal.api.ApplicationProperties;
import com.atlassian.sal.api.UrlMode;
import com.mumosystems.oktaprofiles.AuthorizationRequest;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.TokenStatus;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.JvmNetwork;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The connection to Okta: what it is, how it is made, whether it works. Secrets go in and never come out. */
final class ConnectionApi {
  private ConnectionApi() {}

  static Object show(Plugin plugin) {
    TokenStatus status = plugin.directory().use(engine -> engine.credentials().status());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("kind", status.connected() ? status.kind() : null);
    answer.put("orgUrl", status.connected() ? status.orgUrl() : null);
    answer.put("clientId", status.clientId().isEmpty() ? null : status.clientId());
    answer.put("redirectUri", redirectUri(plugin));
    answer.put("status", status(status));
    answer.put("network", network(plugin.settings().read().network()));
    return answer;
  }

  private static Map<String, Object> status(TokenStatus status) {
    Map<String, Object> view = Views.of(status);
    view.put("problem", status.problem() == 0 ? null : ErrorCode.of(status.problem()).name());
    return view;
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
    String orgUrl = call.required("orgUrl");
    char[] token = call.required("apiToken").toCharArray();
    try {
      plugin.door().ask(engine -> {
        engine.credentials().connect(orgUrl, token);
        return null;
      });
    } finally {
      Arrays.fill(token, ' ');
    }
    return show(plugin);
  }

  /**
   * Begins a sign-in; its state is bound to the session of whoever begins it. No client secret means the stored one,
   * which the engine sends to its own org and client only.
   */
  static Object oauth(Plugin plugin, Call call) {
    String orgUrl = call.required("orgUrl");
    String clientId = call.required("clientId");
    String secret = call.text("clientSecret", "");
    AuthorizationRequest begun = plugin.door().ask(engine -> secret.isEmpty()
        ? engine.credentials().beginAuthorizationAgain(orgUrl, clientId, redirectUri(plugin))
        : engine.credentials().beginAuthorization(orgUrl, clientId, secret.toCharArray(), redirectUri(plugin)));
    call.request().getSession(true).setAttribute(CallbackServlet.STATE, begun.state());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("authorizeUrl", begun.url());
    answer.put("expires", begun.expires());
    return answer;
  }

  static Object disconnect(Plugin plugin) {
    plugin.door().ask(engine -> {
      engine.credentials().disconnect();
      return null;
    });
    return show(plugin);
  }

  static Object validate(Plugin plugin) {
    return Views.of(plugin.door().ask(OktaProfiles::validate));
  }
}
