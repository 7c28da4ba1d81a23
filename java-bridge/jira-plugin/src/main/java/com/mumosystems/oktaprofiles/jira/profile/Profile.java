package com.mumosystems.oktaprofiles.jira.profile;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.mumosystems.oktaprofiles.DirectoryEntry;
import com.mumosystems.oktaprofiles.Group;
import com.mumosystems.oktaprofiles.Lookup;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaUser;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   * The profile of a Jira user, from this node's directory.
   *
   * @param engine the engine
   * @param jiraKey Jira's user key
   * @param attributes names of the attributes to show, in order
   * @return the profile, if the user is matched
   */
  public static Optional<Profile> ofJiraUser(OktaProfiles engine, String jiraKey, List<String> attributes) {
    return engine.find(Lookup.JIRA_KEY, jiraKey).map(DirectoryEntry::okta).map(user -> new Profile(
        name(user), user.status(), pick(attributes(engine, user), attributes), manager(engine, user), groups(engine, user)));
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
    return engine.schemas().titledProfile(user.id()).stream()
        .map(value -> new Attribute(value.name(), value.title(), JsonParser.parseString(value.valueJson())))
        .filter(attribute -> !attribute.value().isJsonNull())
        .toList();
  }

  private static String manager(OktaProfiles engine, OktaUser user) {
    return engine.managers().managerOf(Lookup.OKTA_ID, user.id())
        .map(DirectoryEntry::okta)
        .map(Profile::name)
        .orElse(null);
  }

  private static List<String> groups(OktaProfiles engine, OktaUser user) {
    return engine.groups().groupsOfOktaUser(user.id()).stream().map(Group::name).toList();
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
