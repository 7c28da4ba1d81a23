package com.mumosystems.oktaprofiles.jira.node;

import com.mumosystems.oktaprofiles.SettingKey;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.JvmNetwork;
import com.mumosystems.oktaprofiles.jira.profile.Visibility;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings of the engine, made from the page's settings and from the JVM. */
public final class EngineSettings {
  /** The setting with the rules of matching. */
  public static final String RULES = SettingKey.MATCHING_RULES.key();
  private static final Map<String, String> BY_NAME = Arrays.stream(SettingKey.values())
      .collect(Collectors.toMap(setting -> setting.name().toLowerCase(Locale.ROOT), SettingKey::key));
  /**
   * A property of the JVM and not a setting of the page: a person who may type an address there must not decide
   * which addresses Jira may call.
   */
  private static final String INTERNAL_ADDRESSES = "okta.profiles.internal.addresses";

  private EngineSettings() {}

  /**
   * The settings by key.
   *
   * @param settings the administrator's settings
   * @param folders the folder where the JVM's trust store is written for the engine
   */
  public static Map<String, String> of(JiraSettings settings, HomeFolders folders) {
    JiraSettings.Network network = settings.network();
    Map<String, String> values = new LinkedHashMap<>();
    values.put(RULES, String.join(", ", settings.rules()));
    values.put(SettingKey.CREDENTIALS_MIRROR_FILE.key(), folders.shared().resolve("credential.sealed").toString());
    named(settings, "", values);
    values.put(SettingKey.ATTRIBUTES_INDEXED.key(), indexed(settings));
    values.put(SettingKey.LIVE.key(), settings.live().source());
    values.put(SettingKey.OKTA_INTERNAL_ADDRESSES.key(), System.getProperty(INTERNAL_ADDRESSES, "none"));
    values.put(SettingKey.HTTP_PROXY.key(), proxy(network));
    values.put(SettingKey.HTTP_NO_PROXY.key(), network.noProxy() != null ? network.noProxy() : JvmNetwork.noProxy());
    values.put(SettingKey.HTTP_CA_FILE.key(), network.caFile() != null ? network.caFile() : caFile(folders));
    return values;
  }

  /** A field with the name of an engine's setting sets it: groups.namePrefix is groups.name_prefix. */
  private static void named(Record settings, String path, Map<String, String> values) {
    for (RecordComponent field : settings.getClass().getRecordComponents()) {
      String name = path + field.getName().replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT);
      Object value = member(settings, field);
      if (value instanceof Record part) {
        named(part, name + "_", values);
      } else if (BY_NAME.containsKey(name)) {
        values.put(BY_NAME.get(name), text(value));
      }
    }
  }

  private static Object member(Record settings, RecordComponent field) {
    try {
      return field.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("settings are public records", e);
    }
  }

  private static String text(Object value) {
    if (value instanceof Boolean on) {
      return on ? "on" : "off";
    }
    return value instanceof List<?> words
        ? words.stream().map(String::valueOf).collect(Collectors.joining(","))
        : String.valueOf(value);
  }

  /**
   * Attributes that people may search in JQL get an index, so that one person's search does not slow down all
   * others.
   */
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
