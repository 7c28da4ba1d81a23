package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.jira.user.util.UserManager;
import com.mumosystems.oktaprofiles.ChangeFilter;
import com.mumosystems.oktaprofiles.DirectoryEntry;
import com.mumosystems.oktaprofiles.Lookup;
import com.mumosystems.oktaprofiles.MatchState;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.SearchField;
import com.mumosystems.oktaprofiles.SearchPage;
import com.mumosystems.oktaprofiles.UserType;
import com.mumosystems.oktaprofiles.View;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.Optionally;
import com.mumosystems.oktaprofiles.jira.profile.Profile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The directory: lists, search, single profiles, and matches made by hand. */
final class DirectoryApi {
  private static final int PAGE = 50;
  private static final int HISTORY = 200;
  /** The most candidates; nobody chooses from more. */
  private static final int CANDIDATES = 100;

  private DirectoryApi() {}

  static Object list(Plugin plugin, Call call) {
    int limit = (int) call.number("limit", PAGE, 1, 500);
    String prefix = call.parameter("q", "");
    View view = view(call);
    Map<String, Object> answer = new LinkedHashMap<>();
    if (prefix.isEmpty()) {
      long after = call.number("after", 0, 0, Long.MAX_VALUE);
      List<DirectoryEntry> rows = plugin.directory().use(engine -> engine.list(view, after, limit));
      answer.put("rows", shown(plugin, rows));
      answer.put("next", rows.size() < limit ? null : String.valueOf(rows.get(rows.size() - 1).cursor()));
    } else {
      SearchField field = field(call);
      String after = call.parameter("after", null);
      SearchPage page = plugin.directory().use(engine -> engine.search(view, field, prefix, after, limit));
      answer.put("rows", shown(plugin, page.entries()));
      answer.put("next", page.next());
    }
    return answer;
  }

  /** The rows of a list. For an ambiguous user a row contains the number of candidates. */
  private static List<Map<String, Object>> shown(Plugin plugin, List<DirectoryEntry> entries) {
    return plugin.directory().use(engine -> entries.stream()
        .map(entry -> {
          Map<String, Object> row = Views.row(entry);
          if (entry.state() == MatchState.AMBIGUOUS) {
            row.put("candidates", candidates(engine, entry).size());
          }
          return row;
        })
        .toList());
  }

  static Object user(Plugin plugin, Call call) {
    String oktaId = call.parameter("oktaId", "");
    List<Map<String, Object>> decisions = decisions(plugin, oktaId);
    return plugin.directory().use(engine -> {
      DirectoryEntry entry = engine.find(Lookup.OKTA_ID, oktaId)
          .orElseThrow(() -> new Refusal(404, "NOT_FOUND", "Nobody in the directory has this id."));
      Map<String, Object> answer = Views.row(entry);
      answer.put("attributes", Views.each(Profile.attributes(engine, entry.okta())));
      answer.put("groups", Views.each(engine.groups().groupsOfOktaUser(oktaId)));
      answer.put("manager", engine.managers().managerOf(Lookup.OKTA_ID, oktaId).map(Views::row).orElse(null));
      answer.put("decisions", decisions);
      Titles titles = new Titles(engine);
      answer.put("history", engine.changesBefore(0, new ChangeFilter(oktaId, 0, null, null), HISTORY).stream()
          .map(change -> Views.change(change, titles))
          .toList());
      return answer;
    });
  }

  /** The decisions made by hand, with the names from Jira. */
  private static List<Map<String, Object>> decisions(Plugin plugin, String oktaId) {
    return plugin.pins().about(oktaId).stream()
        .map(decision -> {
          Map<String, Object> view = Views.of(decision);
          view.put("jiraUser", nameInJira(plugin, decision.jiraKey()));
          view.put("by", decision.by() == null ? null : nameInJira(plugin, decision.by()));
          return view;
        })
        .toList();
  }

  private static String nameInJira(Plugin plugin, String key) {
    return Optionally.get("naming users of Jira", key, () -> {
      ApplicationUser user = plugin.host().require(UserManager.class).getUserByKey(key);
      return user == null ? key : user.getDisplayName();
    });
  }

  /** The attributes that users of this org may have, from all user types, each once. */
  static Object attributes(Plugin plugin) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    plugin.directory().use(engine -> {
      Stream.concat(Stream.of((String) null), engine.schemas().userTypes().stream().map(UserType::id))
          .flatMap(type -> engine.schemas().attributes(type).stream())
          .forEach(attribute -> attributes.putIfAbsent(attribute.name(), Views.of(attribute)));
      return null;
    });
    return Map.of("attributes", List.copyOf(attributes.values()));
  }

  static Object candidates(Plugin plugin, Call call) {
    String oktaId = call.parameter("oktaId", "");
    String jiraKey = call.parameter("jiraKey", "");
    List<DirectoryEntry> candidates = plugin.directory().use(engine -> oktaId.isEmpty()
        ? engine.matching().candidatesOfJiraUser(jiraKey, CANDIDATES)
        : engine.matching().candidatesOfOktaUser(oktaId, CANDIDATES));
    return Map.of("rows", candidates.stream().map(Views::row).toList());
  }

  private static List<DirectoryEntry> candidates(OktaProfiles engine, DirectoryEntry entry) {
    return entry.okta() == null
        ? engine.matching().candidatesOfJiraUser(entry.jira().key(), CANDIDATES)
        : engine.matching().candidatesOfOktaUser(entry.okta().id(), CANDIDATES);
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
    String name = call.parameter("view", "all").toUpperCase(Locale.ROOT);
    try {
      return View.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw Call.bad("view is unknown.");
    }
  }

  static SearchField field(Call call) {
    String name = call.parameter("field", "name").toUpperCase(Locale.ROOT);
    try {
      return SearchField.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw Call.bad("field is unknown.");
    }
  }
}
