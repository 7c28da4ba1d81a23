package com.mumosystems.oktaprofiles.jira.settings;

import com.mumosystems.oktaprofiles.SettingKey;
import java.util.List;

/**
 * The settings of the administration page. Every field has a value; texts may be empty.
 *
 * @param rules matching rules in order, such as login=username
 * @param retain matched (only Okta users that match users in Jira) or all
 * @param attributesKeep attributes to keep; empty for all
 * @param attributesDrop attributes to drop
 * @param groups whether groups are read, and which
 * @param managers how a manager is found
 * @param intervalMinutes minutes between runs; 0 means that runs start only by hand
 * @param live whether Okta reports changes by itself, and how
 * @param panelAttributes what is shown on issues and profiles, in display order: attributes, and status, group and
 *     manager
 * @param searchAttributes what people may search by in JQL: attributes, and status, group and manager
 * @param projects keys of the projects whose issues show the panel
 * @param visibleToGroup Jira group whose members may see profiles and search by them; empty for nobody
 * @param network settings that differ from those of the JVM
 * @param noticesTo addresses that get a mail when a problem lasts
 */
public record JiraSettings(
    List<String> rules,
    String retain,
    List<String> attributesKeep,
    List<String> attributesDrop,
    Groups groups,
    Managers managers,
    int intervalMinutes,
    Live live,
    List<String> panelAttributes,
    List<String> searchAttributes,
    List<String> projects,
    String visibleToGroup,
    Network network,
    List<String> noticesTo) {

  /**
   * Network settings that differ from those of the JVM.
   *
   * @param proxy http://host:port, empty for no proxy; null to use the JVM's setting
   * @param noProxy hosts that are reached without the proxy, separated by commas; null to use the JVM's setting
   * @param caFile PEM file with CA certificates to trust, empty for none; null to use those of the JVM
   */
  public record Network(String proxy, String noProxy, String caFile) {}

  /**
   * Whether Okta reports changes by itself, and how.
   *
   * @param source off, log (its System Log) or hook (its event hook)
   * @param intervalSeconds how often the System Log is read, in seconds
   */
  public record Live(String source, int intervalSeconds) {}

  /**
   * Which groups are read.
   *
   * @param sync whether groups are read at all
   * @param types such as OKTA_GROUP; empty for every type
   * @param namePrefix only groups whose name begins with this text; empty for all
   */
  public record Groups(boolean sync, List<String> types, String namePrefix) {}

  /**
   * How a manager is found.
   *
   * @param attribute the attribute that names the manager; empty for none
   * @param refersTo which value of the manager that attribute contains: id, login, email or the name of an
   *     attribute
   */
  public record Managers(String attribute, String refersTo) {}

  /** The settings of a new installation; settings of the engine have the engine's defaults. */
  public static JiraSettings defaults() {
    return new JiraSettings(
        list(SettingKey.MATCHING_RULES),
        SettingKey.RETAIN.byDefault(),
        list(SettingKey.ATTRIBUTES_KEEP),
        list(SettingKey.ATTRIBUTES_DROP),
        new Groups(
            SettingKey.GROUPS_SYNC.byDefault().equals("on"),
            list(SettingKey.GROUPS_TYPES),
            SettingKey.GROUPS_NAME_PREFIX.byDefault()),
        new Managers(SettingKey.MANAGERS_ATTRIBUTE.byDefault(), SettingKey.MANAGERS_REFERS_TO.byDefault()),
        60,
        new Live(SettingKey.LIVE.byDefault(), Integer.parseInt(SettingKey.LIVE_INTERVAL_SECONDS.byDefault())),
        List.of("status", "title", "department", "city"),
        List.of(),
        List.of(),
        "",
        new Network(null, null, null),
        List.of());
  }

  private static List<String> list(SettingKey setting) {
    String values = setting.byDefault();
    return values.isEmpty() ? List.of() : List.of(values.split(",\\s*"));
  }
}
