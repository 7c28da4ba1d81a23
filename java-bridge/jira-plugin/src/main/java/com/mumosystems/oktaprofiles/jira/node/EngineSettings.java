package com.mumosystems.oktaprofiles.jira.node;

import com.mumosystems.oktaprofiles.SettingKey;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.JvmNetwork;
import com.mumosystems.oktaprofiles.jira.profile.Visibility;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The engine's settings that follow from the page and from the JVM. */
public final class EngineSettings {
  /** The rules of matching. */
  public static final String RULES = SettingKey.MATCHING_RULES.key();
  /** Of the JVM and not of the page: who may type an address there must not decide where Jira may be led. */
  private static final String INTERNAL_ADDRESSES = "okta.profiles.internal.addresses";

  private EngineSettings() {}

  /**
   * The settings by key.
   *
   * @param settings what the administrator set
   * @param folders where the JVM's trust store is written for the engine
   */
  public static Map<String, String> of(JiraSettings settings, HomeFolders folders) {
    JiraSettings.Network network = settings.network();
    Map<String, String> values = new LinkedHashMap<>();
    values.put(RULES, String.join(", ", settings.rules()));
    values.put(SettingKey.CREDENTIALS_MIRROR_FILE.key(), folders.shared().resolve("credential.sealed").toString());
    values.put(SettingKey.RETAIN.key(), settings.retain());
    values.put(SettingKey.ATTRIBUTES_KEEP.key(), String.join(",", settings.attributesKeep()));
    values.put(SettingKey.ATTRIBUTES_DROP.key(), String.join(",", settings.attributesDrop()));
    values.put(SettingKey.ATTRIBUTES_INDEXED.key(), indexed(settings));
    values.put(SettingKey.GROUPS_SYNC.key(), settings.groups().sync() ? "on" : "off");
    values.put(SettingKey.GROUPS_TYPES.key(), String.join(",", settings.groups().types()));
    values.put(SettingKey.GROUPS_NAME_PREFIX.key(), settings.groups().namePrefix());
    values.put(SettingKey.MANAGERS_ATTRIBUTE.key(), settings.managers().attribute());
    values.put(SettingKey.MANAGERS_REFERS_TO.key(), settings.managers().refersTo());
    values.put(SettingKey.OKTA_INTERNAL_ADDRESSES.key(), System.getProperty(INTERNAL_ADDRESSES, "none"));
    values.put(SettingKey.HTTP_PROXY.key(), proxy(network));
    values.put(SettingKey.HTTP_NO_PROXY.key(), network.noProxy() != null ? network.noProxy() : JvmNetwork.noProxy());
    values.put(SettingKey.HTTP_CA_FILE.key(), network.caFile() != null ? network.caFile() : caFile(folders));
    return values;
  }

  /** What people may ask in JQL is answered along an index: a search of one person must not slow down all others. */
  private static String indexed(JiraSettings settings) {
    return settings.searchAttributes().stream()
        .flatMap(name -> Visibility.attributeOf(name).stream())
        .distinct()
        .collect(Collectors.joining(","));
  }

  private static String proxy(JiraSettings.Network network) {
    if (network.proxy() == null) {
      return JvmNetwork.proxy();
    }
    return network.proxy().isEmpty() ? "" : JvmNetwork.withLogin(network.proxy());
  }

  private static String caFile(HomeFolders folders) {
    return JvmNetwork.caFile(folders.local()).toString();
  }
}
