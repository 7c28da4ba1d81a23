package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.sal.api.ApplicationProperties;
import com.atlassian.sal.api.UrlMode;
import com.atlassian.sal.api.auth.LoginUriProvider;
import com.atlassian.sal.api.message.I18nResolver;
import com.atlassian.sal.api.user.UserKey;
import com.atlassian.sal.api.user.UserManager;
import com.atlassian.sal.api.websudo.WebSudoManager;
import com.atlassian.sal.api.websudo.WebSudoSessionException;
import com.atlassian.sal.api.xsrf.XsrfRequestValidator;
import com.mumosystems.oktaprofiles.jira.host.Host;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Who may pass. Jira's filters check nothing for servlets of plugins beyond the class annotation, so every request
 * is checked here: signed in, system administrator, secure administrator session and, where something changes,
 * that it came from our own page.
 */
final class Access {
  private static final String XSRF_HEADER = "X-Atlassian-Token";
  /** A percent sign that begins no encoded byte. */
  private static final Pattern PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  /** What may not stand in a path or a query. */
  private static final Pattern FOREIGN = Pattern.compile("[^A-Za-z0-9._~:/?@!$&'()*+,;=%-]+");

  private final Host host;

  Access(Host host) {
    this.host = host;
  }

  /**
   * For pages that people open: sends them to sign in or to confirm their password.
   *
   * @return the administrator; empty if the response is complete
   */
  Optional<UserKey> admitToPage(HttpServletRequest request, HttpServletResponse response) throws IOException {
    UserManager users = host.require(UserManager.class);
    UserKey user = users.getRemoteUserKey(request);
    if (user == null) {
      URI login = host.require(LoginUriProvider.class).getLoginUri(addressOf(request));
      response.sendRedirect(login.toString());
      return Optional.empty();
    }
    if (!users.isSystemAdmin(user)) {
      throw notAdministrator();
    }
    WebSudoManager webSudo = host.require(WebSudoManager.class);
    try {
      webSudo.willExecuteWebSudoRequest(request);
    } catch (WebSudoSessionException e) {
      webSudo.enforceWebSudoProtection(request, response);
      return Optional.empty();
    }
    return Optional.of(user);
  }

  /** For questions of the page's script: answers with a status and words. */
  UserKey admitToRead(HttpServletRequest request) {
    UserManager users = host.require(UserManager.class);
    UserKey user = users.getRemoteUserKey(request);
    if (user == null) {
      throw new Refusal(401, "NOT_SIGNED_IN", text("okta-profiles.error.not-signed-in"));
    }
    if (!users.isSystemAdmin(user)) {
      throw notAdministrator();
    }
    try {
      host.require(WebSudoManager.class).willExecuteWebSudoRequest(request);
    } catch (WebSudoSessionException e) {
      throw new Refusal(401, "WEBSUDO_REQUIRED", text("okta-profiles.error.websudo"));
    }
    return user;
  }

  /** For changes asked for by the page's script. */
  UserKey admitToChange(HttpServletRequest request) {
    UserKey user = admitToRead(request);
    String type = String.valueOf(request.getContentType());
    if (!type.split(";")[0].strip().equalsIgnoreCase("application/json")) {
      throw new Refusal(415, "NOT_JSON", text("okta-profiles.error.content-type"));
    }
    // The header cannot be sent by a form of another site; the validator also looks at the origin.
    boolean header = "no-check".equals(request.getHeader(XSRF_HEADER));
    if (!header || !host.require(XsrfRequestValidator.class).validateRequestPassesXsrfChecks(request)) {
      throw new Refusal(403, "XSRF", text("okta-profiles.error.xsrf"));
    }
    return user;
  }

  private Refusal notAdministrator() {
    return new Refusal(403, "NOT_ADMINISTRATOR", text("okta-profiles.error.not-administrator"));
  }

  private String text(String key) {
    return host.require(I18nResolver.class).getText(key);
  }

  /** The address of a request as Jira is reached by people, whatever a proxy in front of it has changed. */
  private URI addressOf(HttpServletRequest request) {
    String base = host.require(ApplicationProperties.class).getBaseUrl(UrlMode.CANONICAL);
    String path = request.getRequestURI().substring(request.getContextPath().length());
    String query = request.getQueryString();
    return URI.create(base + encoded(path + (query == null ? "" : "?" + query)));
  }

  /** What a browser sent, with everything encoded that RFC 3986 does not allow: anybody can send anything. */
  static String encoded(String sent) {
    String percent = PERCENT.matcher(sent).replaceAll("%25");
    return FOREIGN.matcher(percent).replaceAll(
        match -> URLEncoder.encode(match.group(), StandardCharsets.UTF_8).replace("+", "%20"));
  }
}
