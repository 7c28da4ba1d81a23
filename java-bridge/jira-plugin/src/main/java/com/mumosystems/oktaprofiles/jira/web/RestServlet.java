package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.annotations.security.UnrestrictedAccess;
import com.atlassian.sal.api.user.UserKey;
import com.atlassian.sal.api.user.UserManager;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.mumosystems.oktaprofiles.api.OktaAttribute;
import com.mumosystems.oktaprofiles.api.OktaDirectoryUnavailableException;
import com.mumosystems.oktaprofiles.api.OktaFreshness;
import com.mumosystems.oktaprofiles.api.OktaProfile;
import com.mumosystems.oktaprofiles.api.OktaView;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.api.DirectoryService;
import com.mumosystems.oktaprofiles.jira.profile.Visibility;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Profiles for scripts: JSON, read only, with the permissions of the caller. The caller signs in to Jira with a
 * session or a personal access token. Without one the answer is 401; this servlet must check that itself, because
 * Jira lets everybody through to it.
 */
@UnrestrictedAccess
public final class RestServlet extends HttpServlet {
  /** The path of the servlet, below the context path. */
  static final String PATH = AdminServlet.PATH + "/rest/1";

  private static final int MOST = 5_000;
  private static final long serialVersionUID = 1L;

  /** Jira calls this constructor. */
  public RestServlet() {}

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    AdminServlet.answer(response, () -> {
      Plugin plugin = Plugin.current();
      UserKey user = plugin.host().require(UserManager.class).getRemoteUserKey(request);
      if (user == null) {
        throw new Refusal(401, "NOT_SIGNED_IN", "Sign in to Jira, or send a personal access token as Authorization: Bearer.");
      }
      Call call = new Call(request, user.getStringValue(), new JsonObject());
      Answer.json(response, 200, answer(plugin, path(request), user, call));
    });
  }

  private static Object answer(Plugin plugin, String path, UserKey user, Call call) {
    if (path.equals("/openapi.json")) {
      return description();
    }
    if (!Visibility.now(plugin).admits(user)) {
      throw new Refusal(403, "NOT_ADMITTED", "Only members of the group that an administrator chose may see Okta profiles.");
    }
    DirectoryService directory = new DirectoryService();
    OktaView view = directory.asSeenBy(user.getStringValue());
    try {
      return switch (path) {
        case "/profile" -> profile(view, call);
        case "/users" -> users(plugin, view, call);
        case "/freshness" -> freshness(directory.freshness());
        default -> throw new Refusal(404, "NOT_FOUND", "There is nothing at " + path);
      };
    } catch (OktaDirectoryUnavailableException e) {
      throw new Refusal(503, "UNAVAILABLE", e.getMessage());
    }
  }

  private static Object profile(OktaView view, Call call) {
    String key = call.parameter("key", "");
    String username = call.parameter("username", "");
    if (key.isEmpty() == username.isEmpty()) {
      throw Call.bad("Give either key or username.");
    }
    Optional<OktaProfile> found = key.isEmpty() ? view.profileOfUsername(username) : view.profileOfJiraUser(key);
    OktaProfile profile = found.orElseThrow(
        () -> new Refusal(404, "NOT_FOUND", "No Okta user matches this Jira user."));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("jiraKey", profile.jiraKey());
    answer.put("status", profile.status());
    answer.put("attributes", profile.attributes().stream().map(RestServlet::attribute).toList());
    answer.put("manager", profile.manager());
    answer.put("groups", profile.groups());
    return answer;
  }

  private static Map<String, Object> attribute(OktaAttribute attribute) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("name", attribute.name());
    answer.put("title", attribute.title());
    answer.put("value", JsonParser.parseString(attribute.json()));
    return answer;
  }

  private static Object users(Plugin plugin, OktaView view, Call call) {
    String name = call.parameter("attribute", "");
    String value = call.parameter("value", "");
    int limit = (int) call.number("limit", 100, 1, MOST);
    if (name.isEmpty() || value.isEmpty()) {
      throw Call.bad("Give attribute and value.");
    }
    Visibility visibility = Visibility.now(plugin);
    if (!visibility.mayAsk(name)) {
      throw new Refusal(403, "NOT_SEARCHABLE", "You may search only by: " + String.join(", ", visibility.askable()));
    }
    List<String> found = view.jiraUsersWhere(name, value, limit + 1);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("jiraKeys", found.subList(0, Math.min(limit, found.size())));
    answer.put("more", found.size() > limit);
    return answer;
  }

  private static Object freshness(OktaFreshness freshness) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("asOf", freshness.asOf());
    answer.put("lastFull", freshness.lastFull());
    answer.put("oktaUsers", freshness.oktaUsers());
    answer.put("matchedUsers", freshness.matchedUsers());
    return answer;
  }

  /** The description of the interface, in OpenAPI. */
  private static JsonElement description() {
    try (InputStream text = RestServlet.class.getResourceAsStream("/rest/openapi.json")) {
      return JsonParser.parseString(new String(text.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("the bundle does not contain the description", e);
    }
  }

  private static String path(HttpServletRequest request) {
    String path = request.getPathInfo();
    return path == null ? "" : path;
  }
}
