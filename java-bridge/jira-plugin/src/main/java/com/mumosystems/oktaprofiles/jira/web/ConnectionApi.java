package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.sal.api.ApplicationProperties;
import com.atlassian.sal.api.UrlMode;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.mumosystems.oktaprofiles.AuthorizationRequest;
import com.mumosystems.oktaprofiles.Credentials;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.TokenStatus;
import com.mumosystems.oktaprofiles.Trial;
import com.mumosystems.oktaprofiles.ValidationReport;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.JvmNetwork;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The connection to Okta: shows it, makes it and tests it. Secrets go in and never come out. */
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

  /** The address that Okta sends the administrator back to. Exactly this address must be registered in Okta. */
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

  /** Stores an API token. If it replaces another credential, a trial finds its faults first. */
  static Object token(Plugin plugin, Call call) {
    String orgUrl = call.required("orgUrl");
    char[] token = call.required("apiToken").toCharArray();
    try {
      plugin.door().ask(engine -> {
        engine.credentials().connect(orgUrl, token, trial(engine, call));
        return null;
      });
    } finally {
      Arrays.fill(token, ' ');
    }
    return show(plugin);
  }

  /** Stores a service app. Without a private key, it uses the last key that was made here, or the stored one. */
  static Object serviceApp(Plugin plugin, Call call) {
    String orgUrl = call.required("orgUrl");
    String clientId = call.required("clientId");
    String keyId = call.text("keyId", "");
    char[] key = secret(call, "privateKey");
    try {
      plugin.door().ask(engine -> {
        engine.credentials().connectServiceApp(orgUrl, clientId, key, keyId, false, trial(engine, call));
        return null;
      });
    } finally {
      wipe(key);
    }
    return show(plugin);
  }

  /** An administrator may store a credential that failed its test, but not in place of one that works. */
  private static Trial trial(OktaProfiles engine, Call call) {
    TokenStatus present = engine.credentials().status();
    boolean works = present.connected() && present.problem() == 0;
    return call.flag("untried") && !works ? Trial.NEVER : Trial.WHEN_REPLACING;
  }

  /** A secret from the request; null if it is empty, which means the stored one. */
  private static char[] secret(Call call, String name) {
    String given = call.text(name, "").strip();
    return given.isEmpty() ? null : given.toCharArray();
  }

  private static void wipe(char[] secret) {
    if (secret != null) {
      Arrays.fill(secret, ' ');
    }
  }

  /**
   * Begins a sign-in and binds its state to the session of the user. An empty client secret means the stored one,
   * which the engine sends only to its own org and client.
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

  /** Validates the entered credential without storing it, or the stored one if nothing was entered. */
  static Object validate(Plugin plugin, Call call) {
    String kind = call.text("kind", "");
    if (kind.isEmpty()) {
      return Views.of(plugin.door().ask(OktaProfiles::validate));
    }
    char[] secret = secret(call, switch (kind) {
      case "token" -> "apiToken";
      case "oauth" -> "clientSecret";
      case "service_app" -> "privateKey";
      default -> throw Call.bad("kind is unknown.");
    });
    try {
      return Views.of(plugin.directory().use(engine -> validate(engine.credentials(), kind, call, secret)));
    } finally {
      wipe(secret);
    }
  }

  private static ValidationReport validate(Credentials credentials, String kind, Call call, char[] secret) {
    String orgUrl = call.required("orgUrl");
    if (kind.equals("token")) {
      call.required("apiToken");
      return credentials.validateToken(orgUrl, secret);
    }
    String clientId = call.required("clientId");
    return kind.equals("oauth")
        ? credentials.validateClient(orgUrl, clientId, secret)
        : credentials.validateServiceApp(orgUrl, clientId, secret, call.text("keyId", ""));
  }

  /** The public part of a private key. Without a private key, makes a new key, which is kept here until it is used. */
  static Object serviceKey(Plugin plugin, Call call) {
    char[] key = secret(call, "privateKey");
    try {
      String jwk = plugin.directory().use(engine ->
          key == null ? engine.credentials().makeServiceKey() : engine.credentials().publicServiceKey(key));
      JsonObject shown = JsonParser.parseString(jwk).getAsJsonObject();
      return Map.of("jwk", shown, "keyId", shown.get("kid").getAsString());
    } finally {
      wipe(key);
    }
  }
}
