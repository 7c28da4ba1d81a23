package com.mumosystems.oktaprofiles.api;

import java.util.List;
import java.util.Optional;

/**
 * What is known of the Okta user to whom a Jira user is tied. Holds personal data: its text form names nobody.
 *
 * @param jiraKey the Jira user's key
 * @param status Okta's status, such as ACTIVE; null if it may not be seen
 * @param attributes the attributes that have a value, in their order for people
 * @param manager the manager's name; null if there is none or it may not be seen
 * @param groups names of the Okta groups; empty if there are none or they may not be seen
 */
public record OktaProfile(
    String jiraKey, String status, List<OktaAttribute> attributes, String manager, List<String> groups) {

  /** Keeps copies, so that a profile never changes. */
  public OktaProfile {
    attributes = List.copyOf(attributes);
    groups = List.copyOf(groups);
  }

  /**
   * One attribute.
   *
   * @param name its name in Okta, such as costCenter
   * @return the attribute, if it has a value and may be seen
   */
  public Optional<OktaAttribute> attribute(String name) {
    return attributes.stream().filter(attribute -> attribute.name().equals(name)).findFirst();
  }

  /**
   * The value of one attribute as a text.
   *
   * @param name its name in Okta, such as costCenter
   * @return the value for people, if there is one that may be seen
   */
  public Optional<String> text(String name) {
    return attribute(name).map(OktaAttribute::text);
  }

  @Override
  public String toString() {
    return "OktaProfile[" + attributes.size() + " attributes]";
  }
}
