package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.annotations.security.SystemAdminOnly;
import com.atlassian.sal.api.user.UserKey;
import com.google.gson.JsonObject;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.MissingService;
import java.io.IOException;
import java.lang.System.Logger.Level;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Serves the administration page and every request of its script. */
@SystemAdminOnly
public final class AdminServlet extends HttpServlet {
  /** The path of the servlet, below the context path. */
  public static final String PATH = "/plugins/servlet/okta-profiles";

  private static final long serialVersionUID = 1L;
  private static final System.Logger LOG = JiraLog.of(AdminServlet.class);

  /** Jira calls this constructor. */
  public AdminServlet() {}

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String path = path(request);
    if (path.isEmpty() || path.equals("/") || path.equals("/admin")) {
      page(request, response);
    } else if (path.equals("/notices")) {
      answer(response, () -> Answer.json(response, 200, NoticesApi.show(Plugin.current())));
    } else {
      answer(response, () -> {
        Plugin plugin = Plugin.current();
        UserKey user = new Access(plugin.host()).admitToRead(request);
        Routes.read(plugin, path, new Call(request, user.getStringValue(), new JsonObject()), response);
      });
    }
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
    answer(response, () -> {
      Plugin plugin = Plugin.current();
      UserKey user = new Access(plugin.host()).admitToChange(request);
      Call call = new Call(request, user.getStringValue(), Call.readBody(request));
      Routes.change(plugin, path(request), call, response);
    });
  }

  private static void page(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Plugin plugin = Plugin.running().orElse(null);
    if (plugin == null) {
      Answer.stopped(response);
      return;
    }
    Host host = plugin.host();
    try {
      if (new Access(host).admitToPage(request, response).isPresent()) {
        AdminPage.write(host, request.getContextPath(), response);
      }
    } catch (Refusal e) {
      MessagePage.write(host, request.getContextPath(), response, e.status(), e.getMessage());
    }
  }

  /** Work that writes an answer, or throws an exception that says why it cannot. */
  interface Work {
    void run() throws IOException;
  }

  static void answer(HttpServletResponse response, Work work) throws IOException {
    try {
      work.run();
    } catch (Refusal e) {
      Answer.refusal(response, e);
    } catch (OktaProfilesException e) {
      Answer.error(response, e);
    } catch (LinkageError e) {
      LOG.log(Level.ERROR, "A request needs a service that this Jira does not have", e);
      Answer.error(response, MissingService.of(e));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "A request failed", e);
      Answer.refusal(response, new Refusal(500, "INTERNAL", "Unexpected: " + e.getClass().getSimpleName()
          + "; see Jira's log."));
    }
  }

  private static String path(HttpServletRequest request) {
    String path = request.getPathInfo();
    return path == null ? "" : path;
  }
}
