package com.mumosystems.oktaprofiles.jira.profile;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.mumosystems.oktaprofiles.Group;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaUser;
import com.mumosystems.oktaprofiles.Person;
import com.mumosystems.oktaprofiles.TitledValue;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a person who is not an administrator sees of an Okta user.
 *
 * @param name the name
 * @param status Okta's status
 * @param shown the chosen attributes that have a value, in the chosen order
 * @param manager the manager's name; null if unknown
 * @param groups names of the Okta groups
 */
public record Profile(String name, String status, List<Attribute> shown, String manager, List<String> groups) {

  /**
   * One attribute with its value.
   *
   * @param name its name in Okta
   * @param title its title for people
   * @param value its value
   */
  public record Attribute(String name, String title, JsonElement value) {
    /**
     * The value for people.
     *
     * @return lists joined by commas
     */
    public String text() {
      if (value.isJsonArray()) {
        return value.getAsJsonArray().asList().stream().map(Attribute::plain).collect(Collectors.joining(", "));
      }
      return plain(value);
    }

    private static String plain(JsonElement value) {
      return value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }
  }

  /**
   * The profiles of Jira users, from this node's directory, in one native look-up.
   *
   * @param engine the engine
   * @param jiraKeys Jira's user keys
   * @param attributes names of the attributes to show, in order
   * @return the profiles of those who are matched, by key
   */
  public static Map<String, Profile> ofJiraUsers(
      OktaProfiles engine, Collection<String> jiraKeys, List<String> attributes) {
    Map<String, Profile> profiles = new HashMap<>();
    for (Person person : engine.people().ofJiraUsers(jiraKeys)) {
      OktaUser user = person.entry().okta();
      String manager = person.manager() == null ? null : name(person.manager().okta());
      List<String> groups = person.groups().stream().map(Group::name).toList();
      List<Attribute> shown = pick(withValues(person.attributes()), attributes);
      profiles.put(person.entry().jira().key(), new Profile(name(user), user.status(), shown, manager, groups));
    }
    return profiles;
  }

  private static List<Attribute> pick(List<Attribute> all, List<String> names) {
    Map<String, Attribute> byName = all.stream().collect(Collectors.toMap(Attribute::name, attribute -> attribute));
    return names.stream().filter(byName::containsKey).map(byName::get).toList();
  }

  /**
   * All attributes of an Okta user that have a value, under their titles.
   *
   * @param engine the engine
   * @param user the user
   * @return the attributes in the order of the schema
   */
  public static List<Attribute> attributes(OktaProfiles engine, OktaUser user) {
    return withValues(engine.schemas().titledProfile(user.id()));
  }

  private static List<Attribute> withValues(List<TitledValue> values) {
    return values.stream()
        .map(value -> new Attribute(value.name(), value.title(), JsonParser.parseString(value.valueJson())))
        .filter(attribute -> !attribute.value().isJsonNull())
        .toList();
  }

  /**
   * The name of an Okta user for people.
   *
   * @param user the user
   * @return display name, first and last name, or login
   */
  public static String name(OktaUser user) {
    if (user.displayName() != null && !user.displayName().isBlank()) {
      return user.displayName();
    }
    String first = user.firstName() == null ? "" : user.firstName();
    String last = user.lastName() == null ? "" : user.lastName();
    String both = (first + " " + last).strip();
    return both.isEmpty() ? String.valueOf(user.login()) : both;
  }
}
