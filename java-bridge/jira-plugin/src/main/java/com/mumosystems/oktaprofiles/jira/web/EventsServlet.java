package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.annotations.security.UnrestrictedAccess;
import com.mumosystems.oktaprofiles.HookAnswer;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.SettingKey;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Where Okta delivers the events of its hook. Jira lets everybody through to it, so that the secret in a header of our
 * own is all that counts: without it nothing of a request is read but its head, and nothing changes. The engine keeps a
 * delivery and answers at once; what it tells is read again later, by whichever node has that duty.
 *
 * <p>No user, no session: neither is asked for.
 */
@UnrestrictedAccess
public final class EventsServlet extends HttpServlet {
  /** Where it is mounted, below the context path; registered in Okta, so it never changes. */
  public static final String PATH = AdminServlet.PATH + "/events";

  private static final System.Logger LOG = JiraLog.of(EventsServlet.class);
  private static final String SECRET = SettingKey.LIVE_SECRET_HEADER.byDefault();
  private static final String CHALLENGE = "X-Okta-Verification-Challenge";
  /** A method that the engine never takes: whether the secret is right shows in how it refuses. */
  private static final String PROBE = "PROBE";
  private static final byte[] NO_BODY = {};
  private static final int NOT_ALLOWED = 405;
  /** Okta sends once more what is answered like this, and nothing else. */
  private static final int TRY_AGAIN = 503;

  private static final long serialVersionUID = 1L;

  /** Made by Jira. */
  public EventsServlet() {}

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
    HookAnswer answer = answer(request);
    Answer.protect(response);
    response.setStatus(answer.status());
    if (answer.status() == NOT_ALLOWED) {
      response.setHeader("Allow", "GET, POST");
    }
    if (!answer.body().isEmpty()) {
      response.setContentType("application/json;charset=UTF-8");
      response.getOutputStream().write(answer.body().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static HookAnswer answer(HttpServletRequest request) {
    String secret = request.getHeader(SECRET);
    Plugin plugin = Plugin.running().orElse(null);
    if (plugin == null || !plugin.eventGate().enter(request.getRemoteAddr(), String.valueOf(secret))) {
      return refusal(TRY_AGAIN);
    }
    try {
      return receive(plugin, request, secret);
    } catch (OktaProfilesException e) {
      LOG.log(Level.DEBUG, "A delivery of Okta''s event hook is put off: {0}", e.getMessage());
      return refusal(TRY_AGAIN);
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.ERROR, "A delivery of Okta's event hook failed", e);
      return refusal(TRY_AGAIN);
    } finally {
      plugin.eventGate().leave();
    }
  }

  /** Reads the body of those only who know the secret. */
  private static HookAnswer receive(Plugin plugin, HttpServletRequest request, String secret) {
    if (!plugin.settings().read().live().source().equals("hook")) {
      return refusal(404);
    }
    String method = request.getMethod();
    List<Map.Entry<String, String>> headers = headers(request);
    boolean hasBody = method.equals("POST");
    HookAnswer answer = ask(plugin, hasBody ? PROBE : method, headers, NO_BODY);
    if (hasBody && answer.status() == NOT_ALLOWED) {
      try {
        answer = ask(plugin, method, headers, DeliveryBody.read(request));
      } catch (DeliveryBody.Unread e) {
        return refusal(e.status());
      }
      plugin.live().wake();
    }
    return answer;
  }

  /** What was set on another node comes here within a minute by itself, and at once if a delivery needs it. */
  private static HookAnswer ask(Plugin plugin, String method, List<Map.Entry<String, String>> headers, byte[] body) {
    HookAnswer answer = plugin.directory().use(engine -> engine.live().receive(method, headers, body));
    if (answer.status() != 404) {
      return answer;
    }
    plugin.directory().refreshSettings();
    return plugin.directory().use(engine -> engine.live().receive(method, headers, body));
  }

  /** The two that matter; one that came twice stands there twice, which the engine refuses. */
  private static List<Map.Entry<String, String>> headers(HttpServletRequest request) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (String name : List.of(SECRET, CHALLENGE)) {
      for (String value : Collections.list(request.getHeaders(name))) {
        headers.add(Map.entry(name, value));
      }
    }
    return headers;
  }

  private static HookAnswer refusal(int status) {
    return new HookAnswer(status, "", 0);
  }
}
