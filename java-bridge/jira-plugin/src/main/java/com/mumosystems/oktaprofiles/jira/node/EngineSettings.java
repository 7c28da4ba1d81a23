package com.mumosystems.oktaprofiles.jira.node;

import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.JvmNetwork;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/** The engine's settings that follow from the page and from the JVM. */
public final class EngineSettings {
  /** The rules of matching. */
  public static final String RULES = "matching.rules";

  private EngineSettings() {}

  /**
   * The settings by key.
   *
   * @param settings what the administrator set
   * @param folders where the JVM's trust store is written for the engine
   * @return the settings
   */
  public static Map<String, String> of(JiraSettings settings, HomeFolders folders) {
    JiraSettings.Network network = settings.network();
    Map<String, String> values = new LinkedHashMap<>();
    values.put(RULES, String.join(", ", settings.rules()));
    values.put("credentials.mirror_file", folders.shared().resolve("credential.sealed").toString());
    values.put("http.proxy", network.proxy() != null ? network.proxy() : JvmNetwork.proxy());
    values.put("http.no_proxy", network.noProxy() != null ? network.noProxy() : JvmNetwork.noProxy());
    values.put("http.ca_file", network.caFile() != null ? network.caFile() : caFile(folders));
    return values;
  }

  private static String caFile(HomeFolders folders) {
    return JvmNetwork.caFile(folders.local()).toString();
  }
}
