package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.sal.api.user.UserKey;
import com.atlassian.sal.api.user.UserManager;
import com.atlassian.sal.api.websudo.WebSudoManager;
import com.atlassian.sal.api.websudo.WebSudoSessionException;
import com.atlassian.sal.api.xsrf.XsrfRequestValidator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Who is signed in and what they may: one user for the whole of this Jira, as a test sets it.
 *
 * <p>Change checks are those of SAL: the header {@code X-Atlassian-Token: no-check}, and no foreign origin.
 */
public final class FakeSession implements UserManager, WebSudoManager, XsrfRequestValidator {
  private final FakeUsers users;
  private final Set<String> administrators = ConcurrentHashMap.newKeySet();
  private volatile UserKey signedIn;
  private volatile boolean webSudo = true;

  FakeSession(FakeUsers users) {
    this.users = users;
  }

  /**
   * Signs a user in.
   *
   * @param key the user's key; null for nobody
   */
  public void signIn(String key) {
    signedIn = key == null ? null : new UserKey(key);
  }

  /**
   * Makes a user a system administrator.
   *
   * @param key the user's key
   */
  public void makeAdministrator(String key) {
    administrators.add(key);
  }

  /**
   * Begins or ends the secure administrator session.
   *
   * @param fresh whether it is fresh
   */
  public void setWebSudo(boolean fresh) {
    webSudo = fresh;
  }

  @Override
  public UserKey getRemoteUserKey(HttpServletRequest request) {
    return signedIn;
  }

  @Override
  public UserKey getRemoteUserKey() {
    return signedIn;
  }

  @Override
  public boolean isSystemAdmin(UserKey user) {
    return user != null && administrators.contains(user.getStringValue());
  }

  @Override
  public boolean isUserInGroup(UserKey user, String group) {
    return user != null && users.isMember(user.getStringValue(), group);
  }

  @Override
  public void willExecuteWebSudoRequest(HttpServletRequest request) {
    if (!webSudo) {
      throw new WebSudoSessionException();
    }
  }

  @Override
  public void enforceWebSudoProtection(HttpServletRequest request, HttpServletResponse response) {
    try {
      response.sendRedirect(request.getContextPath() + "/secure/admin/WebSudoAuthenticate.jspa");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean validateRequestPassesXsrfChecks(HttpServletRequest request) {
    String origin = request.getHeader("Origin");
    boolean foreign = origin != null && !origin.endsWith("//" + request.getHeader("Host"));
    return "no-check".equals(request.getHeader("X-Atlassian-Token")) && !foreign;
  }
}
