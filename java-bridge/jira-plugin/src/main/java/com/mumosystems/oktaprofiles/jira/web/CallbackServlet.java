package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.annotations.security.SystemAdminOnly;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.Host;
import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Where Okta sends the administrator back to after the sign-in (RFC 6749, section 4.1.2). The engine checks the
 * state; a call that nobody asked for changes nothing.
 */
@SystemAdminOnly
public final class CallbackServlet extends HttpServlet {
  /** Below the context path; registered in Okta, so it never changes. */
  public static final String PATH = "/plugins/servlet/ac/com.mumosystems.okta-profiles/connection-page";

  private static final long serialVersionUID = 1L;

  /** Made by Jira. */
  public CallbackServlet() {}

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Plugin plugin = Plugin.current();
    Host host = plugin.host();
    try {
      if (new Access(host).admitToPage(request, response).isPresent()) {
        MessagePage.write(host, request.getContextPath(), response, 200, "");
      }
    } catch (Refusal e) {
      MessagePage.write(host, request.getContextPath(), response, e.status(), e.getMessage());
    } catch (OktaProfilesException e) {
      MessagePage.write(host, request.getContextPath(), response, 400, e.getMessage());
    }
  }
}
