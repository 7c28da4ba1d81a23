package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.jira.project.ProjectManager;
import com.atlassian.jira.security.groups.GroupManager;
import com.google.gson.JsonObject;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.PreviewOf;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.Optionally;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
import com.mumosystems.oktaprofiles.jira.settings.SettingsJson;
import com.mumosystems.oktaprofiles.jira.settings.SettingsStore;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The settings: matching, what is kept, schedule, panels, network. */
final class SettingsApi {
  /** Read only: the projects to choose from. */
  private static final String ALL_PROJECTS = "allProjects";
  /** How many groups are offered at once. To find others, the user types more of the name. */
  private static final int GROUPS = 20;
  /** How many of the users who would gain or lose a match are named. */
  private static final int SHOWN = 20;

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

  /** The groups of Jira whose names contain a text; a Jira may have ten thousand groups. */
  static Object groups(Plugin plugin, Call call) {
    String part = call.parameter("q", "").toLowerCase(Locale.ROOT);
    List<String> found = Optionally.get("naming the groups to choose from", List.of(), () ->
        plugin.host().require(GroupManager.class).getAllGroupNames().stream()
            .filter(name -> name.toLowerCase(Locale.ROOT).contains(part))
            .sorted()
            .limit(GROUPS + 1)
            .toList());
    return Map.of("groups", found.subList(0, Math.min(GROUPS, found.size())), "more", found.size() > GROUPS);
  }

  /**
   * Saves settings. Fields that the request leaves out keep their values. The engine checks the new values before
   * they are stored.
   */
  static Object save(Plugin plugin, Call call) {
    JiraSettings before = plugin.settings().read();
    JiraSettings after = merge(before, call.body());
    SettingsCheck.check(plugin, before, after);
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
    Set<String> known = SettingsStore.tree(before).keySet();
    for (String name : changes.keySet()) {
      if (!known.contains(name)) {
        throw Call.bad("There is no setting " + name + ".");
      }
    }
    return SettingsJson.over(before, changes, problem -> {
      throw Call.bad(problem);
    });
  }

  /** What other rules would do: the counts, and the first users who would gain or lose a match. */
  static Object previewMatching(Plugin plugin, Call call) {
    String rules = String.join(", ", call.texts("rules"));
    return plugin.directory().use(engine -> {
      Map<String, Object> answer = Views.of(engine.matching().previewMatching(rules));
      answer.put("gainedPairs", pairs(engine, rules, PreviewOf.GAINED));
      answer.put("lostPairs", pairs(engine, rules, PreviewOf.LOST));
      return answer;
    });
  }

  private static List<Map<String, Object>> pairs(OktaProfiles engine, String rules, PreviewOf which) {
    return engine.matching().previewPairs(rules, which, SHOWN).stream().map(Views::row).toList();
  }
}
