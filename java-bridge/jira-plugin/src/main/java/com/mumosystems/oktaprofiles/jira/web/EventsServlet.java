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
 * The address that Okta's event hook delivers to. Jira lets everybody through, so the secret in a header of our own
 * is the only protection. Without the right secret only the head of a request is read, and nothing changes. The
 * engine stores a delivery and answers at once; the node with the duty of live reads later what the delivery names.
 *
 * <p>It uses no user and no session.
 */
@UnrestrictedAccess
public final class EventsServlet extends HttpServlet {
  /** The path, below the context path. It is registered in Okta, so it must never change. */
  public static final String PATH = AdminServlet.PATH + "/events";

  private static final System.Logger LOG = JiraLog.of(EventsServlet.class);
  private static final String SECRET = SettingKey.LIVE_SECRET_HEADER.byDefault();
  private static final String CHALLENGE = "X-Okta-Verification-Challenge";
  /** A method that the engine never accepts. The way it refuses shows whether the secret is right. */
  private static final String PROBE = "PROBE";
  private static final byte[] NO_BODY = {};
  private static final int NOT_ALLOWED = 405;
  /** With this status, and with no other, Okta sends the delivery again. */
  private static final int TRY_AGAIN = 503;

  private static final long serialVersionUID = 1L;

  /** Jira calls this constructor. */
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
      LOG.log(Level.DEBUG, "A delivery of Okta''s event hook is postponed: {0}", e.getMessage());
      return refusal(TRY_AGAIN);
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.ERROR, "A delivery of Okta's event hook failed", e);
      return refusal(TRY_AGAIN);
    } finally {
      plugin.eventGate().leave();
    }
  }

  /** Reads the body only if the request carries the right secret. */
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

  /** A setting that was changed on another node arrives here within a minute, or at once if a delivery needs it. */
  private static HookAnswer ask(Plugin plugin, String method, List<Map.Entry<String, String>> headers, byte[] body) {
    HookAnswer answer = plugin.directory().use(engine -> engine.live().receive(method, headers, body));
    if (answer.status() != 404) {
      return answer;
    }
    plugin.directory().refreshSettings();
    return plugin.directory().use(engine -> engine.live().receive(method, headers, body));
  }

  /** The two headers that matter. A repeated header is in the list twice, and the engine refuses it. */
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
