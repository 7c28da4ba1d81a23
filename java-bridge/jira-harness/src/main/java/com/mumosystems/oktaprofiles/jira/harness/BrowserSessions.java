package com.mumosystems.oktaprofiles.jira.harness;

import com.atlassian.sal.api.auth.LoginUriProvider;
import com.atlassian.sal.api.user.UserKey;
import com.atlassian.sal.api.user.UserManager;
import com.atlassian.sal.api.websudo.WebSudoManager;
import com.atlassian.sal.api.websudo.WebSudoSessionException;
import com.mumosystems.oktaprofiles.fakes.FakeSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.http.HttpFilter;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Who asks, told by the session of the browser instead of by a test; what they may is the fake's business. */
final class BrowserSessions extends HttpFilter implements UserManager, WebSudoManager, LoginUriProvider {
  private static final long serialVersionUID = 1L;
  private static final ThreadLocal<HttpServletRequest> CURRENT = new ThreadLocal<>();

  private final transient FakeSession rights;

  BrowserSessions(FakeSession rights) {
    this.rights = rights;
  }

  @Override
  protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    CURRENT.set(request);
    try {
      chain.doFilter(request, response);
    } finally {
      CURRENT.remove();
    }
  }

  @Override
  public UserKey getRemoteUserKey() {
    return getRemoteUserKey(CURRENT.get());
  }

  @Override
  public UserKey getRemoteUserKey(HttpServletRequest request) {
    String user = request == null ? null : SignIn.userOf(request);
    return user == null ? null : new UserKey(user);
  }

  @Override
  public boolean isSystemAdmin(UserKey user) {
    return rights.isSystemAdmin(user);
  }

  @Override
  public boolean isUserInGroup(UserKey user, String group) {
    return rights.isUserInGroup(user, group);
  }

  @Override
  public void willExecuteWebSudoRequest(HttpServletRequest request) {
    if (!SignIn.isConfirmed(request)) {
      throw new WebSudoSessionException();
    }
  }

  @Override
  public void enforceWebSudoProtection(HttpServletRequest request, HttpServletResponse response) {
    String query = request.getQueryString();
    String back = request.getRequestURI() + (query == null ? "" : "?" + query);
    try {
      response.sendRedirect(request.getContextPath() + SignIn.WEB_SUDO + "?os_destination=" + encode(back));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public URI getLoginUri(URI back) {
    HttpServletRequest request = CURRENT.get();
    return URI.create(request.getContextPath() + SignIn.LOGIN + "?os_destination=" + encode(withoutHost(back)));
  }

  /** Jira takes its own base URL off the address that a plugin names. */
  private static String withoutHost(URI address) {
    return address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
