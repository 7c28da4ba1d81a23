package com.mumosystems.oktaprofiles.api;

import java.util.List;
import java.util.Optional;

/**
 * The data of the Okta user that matches a Jira user. It contains personal data; {@code toString} shows none of it.
 *
 * @param jiraKey the Jira user's key
 * @param status Okta's status, such as ACTIVE; null if the viewer may not see it
 * @param attributes the attributes that have a value, in their display order
 * @param manager the manager's name; null if there is none, or if the viewer may not see it
 * @param groups names of the Okta groups; empty if there are none, or if the viewer may not see them
 */
public record OktaProfile(
    String jiraKey, String status, List<OktaAttribute> attributes, String manager, List<String> groups) {

  /** Copies the lists, so that a profile never changes. */
  public OktaProfile {
    attributes = List.copyOf(attributes);
    groups = List.copyOf(groups);
  }

  /**
   * One attribute.
   *
   * @param name the name in Okta, such as costCenter
   * @return the attribute; empty if it has no value, or if the viewer may not see it
   */
  public Optional<OktaAttribute> attribute(String name) {
    return attributes.stream().filter(attribute -> attribute.name().equals(name)).findFirst();
  }

  /**
   * The value of one attribute as a text.
   *
   * @param name the name in Okta, such as costCenter
   * @return the value as people see it; empty if there is none, or if the viewer may not see it
   */
  public Optional<String> text(String name) {
    return attribute(name).map(OktaAttribute::text);
  }

  @Override
  public String toString() {
    return "OktaProfile[" + attributes.size() + " attributes]";
  }
}
