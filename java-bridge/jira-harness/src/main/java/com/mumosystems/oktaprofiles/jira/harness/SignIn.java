package com.mumosystems.oktaprofiles.jira.harness;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/**
 * Signing in, signing out, and the secure administrator session (WebSudo). The password of everybody is the
 * username: this is a stage, not a lock.
 */
final class SignIn extends HttpServlet {
  static final String LOGIN = "/login.jsp";
  static final String WEB_SUDO = "/secure/admin/WebSudoAuthenticate.jspa";
  static final String LOGOUT = "/logout";

  private static final long serialVersionUID = 1L;
  private static final String USER = "user";
  private static final String CONFIRMED = "webSudo";

  private final Set<String> usernames;

  SignIn(Set<String> usernames) {
    this.usernames = Set.copyOf(usernames);
  }

  /** Who is signed in; null if nobody is. */
  static String userOf(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    return session == null ? null : (String) session.getAttribute(USER);
  }

  /** Whether the password was confirmed for administration in this session. */
  static boolean isConfirmed(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    return session != null && session.getAttribute(CONFIRMED) != null;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (request.getServletPath().equals(LOGOUT)) {
      request.getSession().invalidate();
      response.sendRedirect(request.getContextPath() + LOGIN);
    } else {
      form(request, response, "");
    }
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
    boolean webSudo = request.getServletPath().equals(WEB_SUDO);
    String user = webSudo ? String.valueOf(userOf(request)) : String.valueOf(request.getParameter("os_username"));
    if (!usernames.contains(user) || !user.equals(request.getParameter("os_password"))) {
      form(request, response, "Wrong name or password.");
      return;
    }
    request.getSession().setAttribute(webSudo ? CONFIRMED : USER, user);
    response.sendRedirect(destination(request));
  }

  /** Where to go on: a path of this host only. */
  private static String destination(HttpServletRequest request) {
    String wanted = String.valueOf(request.getParameter("os_destination"));
    boolean here = wanted.startsWith("/") && !wanted.startsWith("//") && !wanted.contains("\\");
    return here ? wanted : request.getContextPath() + "/browse/HELP-1";
  }

  private static void form(HttpServletRequest request, HttpServletResponse response, String error)
      throws IOException {
    boolean webSudo = request.getServletPath().equals(WEB_SUDO);
    response.setContentType("text/html;charset=UTF-8");
    response.getWriter().write(Frame.fill(webSudo ? "websudo.html" : "login.html", Map.of(
        "contextPath", request.getContextPath(),
        "destination", destination(request),
        "error", error)));
  }
}
