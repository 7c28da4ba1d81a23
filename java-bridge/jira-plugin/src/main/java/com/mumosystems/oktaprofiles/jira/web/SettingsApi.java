package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.jira.project.ProjectManager;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.mumosystems.oktaprofiles.MatchPreview;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.Optionally;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
import com.mumosystems.oktaprofiles.jira.settings.SettingsStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings: matching, what is kept, schedule, panels, network. */
final class SettingsApi {
  /** Only told, never set: what could be chosen. */
  private static final String ALL_PROJECTS = "allProjects";

  private static final int MINUTES_MAX = 7 * 24 * 60;

  private SettingsApi() {}

  static Object show(Plugin plugin) {
    JsonObject answer = SettingsStore.tree(plugin.settings().read());
    answer.add(ALL_PROJECTS, Answer.GSON.toJsonTree(projects(plugin)));
    return answer;
  }

  private static List<Map<String, String>> projects(Plugin plugin) {
    return Optionally.get("naming the projects to choose from", List.of(), () ->
        plugin.host().require(ProjectManager.class).getProjects().stream()
            .map(project -> Map.of("key", project.getKey(), "name", project.getName()))
            .toList());
  }

  /** Fields that the request leaves out keep their values. The engine judges the new ones before they are kept. */
  static Object save(Plugin plugin, Call call) {
    JiraSettings before = plugin.settings().read();
    JiraSettings after = merge(before, call.body());
    plugin.settings().write(after);
    try {
      plugin.directory().refreshSettings();
    } catch (RuntimeException e) {
      plugin.settings().write(before);
      throw e;
    }
    plugin.schedule().plan();
    return show(plugin);
  }

  private static JiraSettings merge(JiraSettings before, JsonObject changes) {
    JsonObject merged = SettingsStore.tree(before);
    changes.entrySet().forEach(field -> {
      if (!merged.has(field.getKey())) {
        throw Call.bad("There is no setting " + field.getKey() + ".");
      }
      merged.add(field.getKey(), field.getValue());
    });
    try {
      JiraSettings after = Answer.GSON.fromJson(merged, JiraSettings.class);
      check(after);
      return after;
    } catch (JsonParseException | NumberFormatException | NullPointerException e) {
      throw Call.bad("A setting has the wrong form.");
    }
  }

  private static void check(JiraSettings settings) {
    if (settings.intervalMinutes() < 0 || settings.intervalMinutes() > MINUTES_MAX) {
      throw Call.bad("intervalMinutes must be from 0 to " + MINUTES_MAX + ".");
    }
    if (!List.of("matched", "all").contains(settings.retain())) {
      throw Call.bad("retain must be matched or all.");
    }
    String proxy = settings.network().proxy();
    if (proxy != null && proxy.contains("@")) {
      throw Call.bad("Give user and password of the proxy to the JVM (https.proxyUser, https.proxyPassword), not here.");
    }
    List.of(settings.rules(), settings.attributesKeep(), settings.attributesDrop(), settings.panelAttributes(),
        settings.projects(), settings.groups().types(), settings.groups().namePrefix(),
        settings.managers().attribute(), settings.managers().refersTo(), settings.visibleToGroup(),
        settings.network());
  }

  static Object previewMatching(Plugin plugin, Call call) {
    String rules = String.join(", ", call.texts("rules"));
    MatchPreview preview = plugin.directory().use(engine -> engine.matching().previewMatching(rules));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("present", Views.matches(preview.present()));
    answer.put("proposed", Views.matches(preview.proposed()));
    answer.put("gained", preview.gained());
    answer.put("lost", preview.lost());
    return answer;
  }
}
