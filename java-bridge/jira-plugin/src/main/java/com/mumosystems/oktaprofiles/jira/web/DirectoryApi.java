package com.mumosystems.oktaprofiles.jira.web;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.mumosystems.oktaprofiles.DirectoryEntry;
import com.mumosystems.oktaprofiles.Lookup;
import com.mumosystems.oktaprofiles.OktaUser;
import com.mumosystems.oktaprofiles.SearchField;
import com.mumosystems.oktaprofiles.SearchPage;
import com.mumosystems.oktaprofiles.View;
import com.mumosystems.oktaprofiles.jira.Plugin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The directory: lists, search, single profiles and matches made by hand. */
final class DirectoryApi {
  private static final int PAGE = 50;

  private DirectoryApi() {}

  static Object list(Plugin plugin, Call call) {
    int limit = (int) call.number("limit", PAGE, 1, 500);
    String prefix = call.parameter("q", "");
    Map<String, Object> answer = new LinkedHashMap<>();
    if (prefix.isEmpty()) {
      long after = call.number("after", 0, 0, Long.MAX_VALUE);
      View view = view(call);
      List<DirectoryEntry> rows = plugin.directory().use(engine -> engine.list(view, after, limit));
      answer.put("rows", rows.stream().map(Views::row).toList());
      answer.put("next", rows.size() < limit ? null : String.valueOf(rows.get(rows.size() - 1).cursor()));
    } else {
      SearchField field = field(call);
      String after = call.parameter("after", null);
      SearchPage page = plugin.directory().use(engine -> engine.search(field, prefix, after, limit));
      answer.put("rows", page.entries().stream().map(Views::row).toList());
      answer.put("next", page.next());
    }
    return answer;
  }

  static Object user(Plugin plugin, Call call) {
    String oktaId = call.parameter("oktaId", "");
    DirectoryEntry entry = plugin.directory().use(engine -> engine.find(Lookup.OKTA_ID, oktaId))
        .orElseThrow(() -> new Refusal(404, "NOT_FOUND", "Nobody in the directory has this id."));
    Map<String, Object> answer = Views.row(entry);
    answer.put("attributes", attributes(entry.okta()));
    answer.put("groups", List.of());
    answer.put("manager", null);
    answer.put("history", plugin.directory().use(engine -> engine.changes(0, oktaId, 200)).stream()
        .map(Views::change).toList());
    return answer;
  }

  private static List<Map<String, Object>> attributes(OktaUser user) {
    List<Map<String, Object>> attributes = new ArrayList<>();
    for (Map.Entry<String, JsonElement> field : JsonParser.parseString(user.profileJson()).getAsJsonObject().entrySet()) {
      Map<String, Object> attribute = new LinkedHashMap<>();
      attribute.put("name", field.getKey());
      attribute.put("title", field.getKey());
      attribute.put("value", field.getValue());
      attributes.add(attribute);
    }
    return attributes;
  }

  static Object candidates(Plugin plugin, Call call) {
    String oktaId = call.parameter("oktaId", "");
    String jiraKey = call.parameter("jiraKey", "");
    List<DirectoryEntry> candidates = plugin.directory().use(engine ->
        oktaId.isEmpty() ? engine.candidatesOfJiraUser(jiraKey, 100) : engine.candidatesOfOktaUser(oktaId, 100));
    return Map.of("rows", candidates.stream().map(Views::row).toList());
  }

  static Object pin(Plugin plugin, Call call) {
    plugin.pins().pin(call.required("oktaId"), call.required("jiraKey"), call.user());
    return Map.of("pinned", true);
  }

  static Object unpin(Plugin plugin, Call call) {
    plugin.pins().unpin(call.required("jiraKey"), call.user());
    return Map.of("pinned", false);
  }

  static View view(Call call) {
    String name = call.parameter("view", "matched").toUpperCase(Locale.ROOT);
    try {
      return View.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw Call.bad("view is unknown.");
    }
  }

  private static SearchField field(Call call) {
    String name = call.parameter("field", "name").toUpperCase(Locale.ROOT);
    try {
      return SearchField.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw Call.bad("field is unknown.");
    }
  }
}
