package com.mumosystems.oktaprofiles.jira.node;

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
  public static final String RULES = "matching.rules";
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
    values.put("credentials.mirror_file", folders.shared().resolve("credential.sealed").toString());
    values.put("retain", settings.retain());
    values.put("attributes.keep", String.join(",", settings.attributesKeep()));
    values.put("attributes.drop", String.join(",", settings.attributesDrop()));
    values.put("attributes.indexed", indexed(settings));
    values.put("groups.sync", settings.groups().sync() ? "on" : "off");
    values.put("groups.types", String.join(",", settings.groups().types()));
    values.put("groups.name_prefix", settings.groups().namePrefix());
    values.put("managers.attribute", settings.managers().attribute());
    values.put("managers.refers_to", settings.managers().refersTo());
    values.put("okta.internal_addresses", System.getProperty(INTERNAL_ADDRESSES, "none"));
    values.put("http.proxy", proxy(network));
    values.put("http.no_proxy", network.noProxy() != null ? network.noProxy() : JvmNetwork.noProxy());
    values.put("http.ca_file", network.caFile() != null ? network.caFile() : caFile(folders));
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
