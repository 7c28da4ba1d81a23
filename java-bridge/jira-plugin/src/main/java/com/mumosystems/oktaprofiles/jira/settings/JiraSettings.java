package com.mumosystems.oktaprofiles.jira.settings;

import java.util.List;

/**
 * What an administrator can set on the page. Every field has a value; texts may be empty.
 *
 * @param rules matching rules in order, such as login=username
 * @param retain matched (only Okta users that match users in Jira) or all
 * @param attributesKeep attributes to keep; empty for all
 * @param attributesDrop attributes to drop
 * @param groups whether groups are synchronized: off, all or apart by type as the engine names them
 * @param intervalMinutes minutes between runs; 0 for runs by hand only
 * @param panelAttributes attributes shown on issues and profiles, in order
 * @param projects keys of the projects whose issues show the panel
 * @param visibleToGroup Jira group whose members see the panels; empty for everybody who is signed in
 * @param network what differs from the JVM's settings
 */
public record JiraSettings(
    List<String> rules,
    String retain,
    List<String> attributesKeep,
    List<String> attributesDrop,
    String groups,
    int intervalMinutes,
    List<String> panelAttributes,
    List<String> projects,
    String visibleToGroup,
    Network network) {

  /**
   * What differs from the JVM's settings.
   *
   * @param proxy http://host:port, empty for none; null to do as the JVM does
   * @param noProxy hosts reached without the proxy, separated by commas; null to do as the JVM does
   * @param caFile PEM file with CA certificates to trust, empty for none; null for those of the JVM
   */
  public record Network(String proxy, String noProxy, String caFile) {}

  /**
   * The settings of a new installation.
   *
   * @return the settings
   */
  public static JiraSettings defaults() {
    return new JiraSettings(
        List.of("login=username", "email=email", "login_local_part=username"),
        "all",
        List.of(),
        List.of(),
        "off",
        60,
        List.of("title", "department", "city", "mobilePhone"),
        List.of(),
        "",
        new Network(null, null, null));
  }
}
