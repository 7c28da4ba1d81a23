package com.mumosystems.oktaprofiles.jira.web;

import com.mumosystems.oktaprofiles.jira.Plugin;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import javax.servlet.http.HttpServletResponse;

/** Which code answers which path. */
final class Routes {
  private static final Map<String, Route> READ = new HashMap<>();
  private static final Map<String, Route> CHANGE = new HashMap<>();

  static {
    READ.put("/api/connection", (plugin, call) -> ConnectionApi.show(plugin));
    READ.put("/api/sync", SyncApi::show);
    READ.put("/api/sync/budget", SyncApi::budget);
    READ.put("/api/changes", SyncApi::changes);
    READ.put("/api/settings", (plugin, call) -> SettingsApi.show(plugin));
    READ.put("/api/groups", SettingsApi::groups);
    READ.put("/api/live", (plugin, call) -> LiveApi.show(plugin));
    READ.put("/api/directory", DirectoryApi::list);
    READ.put("/api/directory/user", DirectoryApi::user);
    READ.put("/api/directory/candidates", DirectoryApi::candidates);
    READ.put("/api/attributes", (plugin, call) -> DirectoryApi.attributes(plugin));
    READ.put("/api/diagnostics", (plugin, call) -> Diagnostics.facts(plugin));
    CHANGE.put("/api/connection/token", ConnectionApi::token);
    CHANGE.put("/api/connection/oauth", ConnectionApi::oauth);
    CHANGE.put("/api/connection/disconnect", (plugin, call) -> ConnectionApi.disconnect(plugin));
    CHANGE.put("/api/connection/service-app", ConnectionApi::serviceApp);
    CHANGE.put("/api/connection/service-key", ConnectionApi::serviceKey);
    CHANGE.put("/api/validate", ConnectionApi::validate);
    CHANGE.put("/api/sync/start", SyncApi::start);
    CHANGE.put("/api/sync/cancel", (plugin, call) -> SyncApi.cancel(plugin));
    CHANGE.put("/api/settings", SettingsApi::save);
    CHANGE.put("/api/live/register", (plugin, call) -> LiveApi.register(plugin));
    CHANGE.put("/api/live/check", (plugin, call) -> LiveApi.check(plugin));
    CHANGE.put("/api/live/test", (plugin, call) -> LiveApi.test(plugin));
    CHANGE.put("/api/live/rotate", (plugin, call) -> LiveApi.rotate(plugin));
    CHANGE.put("/api/live/remove", (plugin, call) -> LiveApi.remove(plugin));
    CHANGE.put("/api/live/secret", (plugin, call) -> LiveApi.secret(plugin));
    CHANGE.put("/api/match/preview", SettingsApi::previewMatching);
    CHANGE.put("/api/directory/pin", DirectoryApi::pin);
    CHANGE.put("/api/directory/unpin", DirectoryApi::unpin);
  }

  /** Returns the value that is written as JSON. */
  private interface Route {
    Object answer(Plugin plugin, Call call);
  }

  private Routes() {}

  static void read(Plugin plugin, String path, Call call, HttpServletResponse response) throws IOException {
    if (path.equals("/api/directory.csv")) {
      DirectoryCsv.write(plugin, call, response);
    } else if (path.equals("/api/diagnostics.zip")) {
      DiagnosticsZip.write(plugin, response);
    } else {
      answer(READ, plugin, path, call, response);
    }
  }

  static void change(Plugin plugin, String path, Call call, HttpServletResponse response) throws IOException {
    answer(CHANGE, plugin, path, call, response);
  }

  private static void answer(
      Map<String, Route> routes, Plugin plugin, String path, Call call, HttpServletResponse response)
      throws IOException {
    Route route = routes.get(path);
    if (route == null) {
      throw new Refusal(404, "NOT_FOUND", "There is nothing at " + path);
    }
    Answer.json(response, 200, route.answer(plugin, call));
  }
}
