package com.mumosystems.oktaprofiles.jira.settings;

import com.atlassian.sal.api.pluginsettings.PluginSettings;
import com.atlassian.sal.api.pluginsettings.PluginSettingsFactory;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps the settings in Jira's database, where every node reads them. They are one JSON text under one key, so that
 * a change is a single step. They contain no secrets.
 */
public final class SettingsStore {
  private static final String KEY = "com.mumosystems.okta-profiles.settings";
  private static final String UNREADABLE = KEY + ".unreadable";
  private static final System.Logger LOG = JiraLog.of(SettingsStore.class);
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  private final Host host;
  private final Set<String> complaints = new HashSet<>();

  /** The settings that were found in the database, and what is wrong with them. */
  private record Found(JiraSettings settings, List<String> problems) {}

  /**
   * Reads nothing yet.
   *
   * @param host the services of Jira
   */
  public SettingsStore(Host host) {
    this.host = host;
  }

  /**
   * The settings in force. A field that is missing or does not fit has its default; that happens after an upgrade,
   * or after a change by hand in the database. The log says so once.
   */
  public synchronized JiraSettings read() {
    Found found = find();
    found.problems().forEach(this::complainOnce);
    return found.settings();
  }

  /**
   * Fails if the stored settings are damaged. Otherwise defaults would replace an administrator's choice, and
   * attributes that were dropped and people who were left out would be stored.
   *
   * @throws OktaProfilesException with INVALID_SETTING if the stored settings are damaged
   */
  public synchronized void requireSound() {
    List<String> problems = find().problems();
    if (!problems.isEmpty()) {
      throw new OktaProfilesException(ErrorCode.INVALID_SETTING, "The settings of Okta Profiles in Jira's database are"
          + " damaged, so nothing is stored: " + String.join(" ", problems)
          + " Check all settings on the administration page and save them, or restore Jira's database.", null);
    }
  }

  private Found find() {
    List<String> problems = new ArrayList<>();
    JiraSettings settings = stored(problems::add)
        .map(object -> SettingsJson.over(JiraSettings.defaults(), object, problems::add))
        .orElseGet(JiraSettings::defaults);
    return new Found(settings, problems);
  }

  /**
   * Puts settings in force on every node. Fields of a newer version keep their values. A stored text that could not
   * be read is kept under another key.
   *
   * @param settings complete settings
   */
  public synchronized void write(JiraSettings settings) {
    PluginSettings kept = open();
    Optional<JsonObject> before = stored(problem -> { });
    if (before.isEmpty() && kept.get(KEY) instanceof String text && !text.isBlank()) {
      kept.put(UNREADABLE, text);
    }
    JsonObject all = before.orElseGet(JsonObject::new);
    tree(settings).entrySet().forEach(field -> all.add(field.getKey(), field.getValue()));
    kept.put(KEY, GSON.toJson(all));
  }

  private Optional<JsonObject> stored(Consumer<String> complaint) {
    Object stored = open().get(KEY);
    if (!(stored instanceof String text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonParser.parseString(text).getAsJsonObject());
    } catch (JsonParseException | IllegalStateException e) {
      complaint.accept("They cannot be read, so the defaults are used.");
      return Optional.empty();
    }
  }

  private void complainOnce(String what) {
    if (complaints.add(what)) {
      LOG.log(System.Logger.Level.WARNING, "The settings of Okta Profiles in Jira''s database are damaged: {0}", what);
    }
  }

  /**
   * Settings as JSON.
   *
   * @return an object with one member for each setting
   */
  public static JsonObject tree(JiraSettings settings) {
    return GSON.toJsonTree(settings).getAsJsonObject();
  }

  private PluginSettings open() {
    return host.require(PluginSettingsFactory.class).createGlobalSettings();
  }
}
