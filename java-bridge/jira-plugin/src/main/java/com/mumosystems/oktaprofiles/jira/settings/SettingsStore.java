package com.mumosystems.oktaprofiles.jira.settings;

import com.atlassian.sal.api.pluginsettings.PluginSettings;
import com.atlassian.sal.api.pluginsettings.PluginSettingsFactory;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.mumosystems.oktaprofiles.jira.host.Host;

/**
 * Keeps the settings in Jira's database, where every node reads them: one JSON text under one key, so that a
 * change is one step. Nothing secret goes in here.
 */
public final class SettingsStore {
  private static final String KEY = "com.mumosystems.okta-profiles.settings";
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  private final Host host;

  /**
   * Reads nothing yet.
   *
   * @param host the services of Jira
   */
  public SettingsStore(Host host) {
    this.host = host;
  }

  /**
   * The settings in force. Fields that are missing, as after an upgrade, have their defaults.
   *
   * @return the settings
   */
  public synchronized JiraSettings read() {
    JsonObject merged = tree(JiraSettings.defaults());
    Object stored = open().get(KEY);
    if (stored instanceof String text) {
      GSON.fromJson(text, JsonObject.class).entrySet().forEach(field -> merged.add(field.getKey(), field.getValue()));
    }
    return GSON.fromJson(merged, JiraSettings.class);
  }

  /**
   * Puts settings in force, on every node.
   *
   * @param settings complete settings
   */
  public synchronized void write(JiraSettings settings) {
    open().put(KEY, GSON.toJson(settings));
  }

  /**
   * Settings as JSON.
   *
   * @param settings the settings
   * @return an object with a field for each
   */
  public static JsonObject tree(JiraSettings settings) {
    return GSON.toJsonTree(settings).getAsJsonObject();
  }

  private PluginSettings open() {
    return host.require(PluginSettingsFactory.class).createGlobalSettings();
  }
}
