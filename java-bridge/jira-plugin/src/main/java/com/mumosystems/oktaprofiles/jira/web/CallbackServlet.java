package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.annotations.security.SystemAdminOnly;
import com.atlassian.sal.api.message.I18nResolver;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.Host;
import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/**
 * The address that Okta sends the administrator back to after the sign-in (RFC 6749, section 4.1.2). The engine
 * checks the state, so a call that nobody requested changes nothing.
 */
@SystemAdminOnly
public final class CallbackServlet extends HttpServlet {
  /** The path, below the context path. It is registered in Okta, so it must never change. */
  public static final String PATH = "/plugins/servlet/ac/com.mumosystems.okta-profiles/connection-page";

  /** The session's attribute with the state of the sign-in that its user began. */
  static final String STATE = "com.mumosystems.okta-profiles.state";

  private static final long serialVersionUID = 1L;

  /** Jira calls this constructor. */
  public CallbackServlet() {}

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Plugin plugin = Plugin.running().orElse(null);
    if (plugin == null) {
      Answer.stopped(response);
      return;
    }
    Host host = plugin.host();
    String contextPath = request.getContextPath();
    try {
      if (new Access(host).admitToPage(request, response).isPresent()) {
        complete(request);
        // The new address does not contain the code, so reloading the page does not use the code again.
        response.sendRedirect(contextPath + AdminServlet.PATH + "/admin#/connection?connected");
      }
    } catch (Refusal e) {
      MessagePage.write(host, contextPath, response, e.status(), e.getMessage());
    } catch (OktaProfilesException e) {
      MessagePage.write(host, contextPath, response, Answer.status(e) == 409 ? 409 : 400, e.getMessage());
    }
  }

  private static void complete(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    Object expected = session == null ? null : session.getAttribute(STATE);
    if (expected == null || !expected.equals(Call.parameter(request, "state"))) {
      // The sign-in belongs to somebody else, or there is none. A link on another site must not connect Jira to
      // another org.
      throw new OktaProfilesException(ErrorCode.AUTHORIZATION_UNKNOWN, text("okta-profiles.callback.foreign"), null);
    }
    String query = request.getQueryString();
    Plugin.current().door().ask(engine -> {
      // Removed only now: if a run blocks the door, the administrator can load this address again.
      session.removeAttribute(STATE);
      return engine.credentials().completeAuthorization(query);
    });
  }

  private static String text(String key) {
    return Plugin.current().host().require(I18nResolver.class).getText(key);
  }
}
