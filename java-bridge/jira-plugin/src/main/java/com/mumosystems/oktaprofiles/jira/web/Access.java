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
 * Decides who may pass. For servlets of plugins Jira's filters check nothing except the class annotation. So every
 * request is checked here: the user is signed in, is a system administrator, has a secure administrator session
 * and, for a change, the request comes from our own page.
 */
final class Access {
  private static final String XSRF_HEADER = "X-Atlassian-Token";
  /** A percent sign that does not begin an encoded byte. */
  private static final Pattern PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  /** Characters that a path or a query must not contain. */
  private static final Pattern FOREIGN = Pattern.compile("[^A-Za-z0-9._~:/?@!$&'()*+,;=%-]+");

  private final Host host;

  Access(Host host) {
    this.host = host;
  }

  /**
   * For pages that people open. It sends people to sign in or to confirm their password.
   *
   * @return the administrator; empty if the response is already complete
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

  /** For reads of the page's script. It answers with a status and a message. */
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

  /** For changes that the page's script requests. */
  UserKey admitToChange(HttpServletRequest request) {
    UserKey user = admitToRead(request);
    String type = String.valueOf(request.getContentType());
    if (!type.split(";")[0].strip().equalsIgnoreCase("application/json")) {
      throw new Refusal(415, "NOT_JSON", text("okta-profiles.error.content-type"));
    }
    // A form of another site cannot send this header; the validator also checks the origin.
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

  /** The address of a request with the host that people use, because a proxy in front of Jira may have changed it. */
  private URI addressOf(HttpServletRequest request) {
    String base = host.require(ApplicationProperties.class).getBaseUrl(UrlMode.CANONICAL);
    String path = request.getRequestURI().substring(request.getContextPath().length());
    String query = request.getQueryString();
    return URI.create(base + encoded(path + (query == null ? "" : "?" + query)));
  }

  /** Encodes everything that RFC 3986 does not allow, because anybody can send anything. */
  static String encoded(String sent) {
    String percent = PERCENT.matcher(sent).replaceAll("%25");
    return FOREIGN.matcher(percent).replaceAll(
        match -> URLEncoder.encode(match.group(), StandardCharsets.UTF_8).replace("+", "%20"));
  }
}
