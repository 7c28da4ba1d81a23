package com.mumosystems.oktaprofiles.jira.profile;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.mumosystems.oktaprofiles.DirectoryEntry;
import com.mumosystems.oktaprofiles.Group;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaUser;
import com.mumosystems.oktaprofiles.Person;
import com.mumosystems.oktaprofiles.TitledValue;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a person who is not an administrator may see of an Okta user: what {@link Visibility} allows and nothing
 * else.
 *
 * @param oktaId Okta's id; administrators find the person by it, and it tells others nothing
 * @param status Okta's status; null if it is not shown
 * @param shown the attributes that are shown and have a value, in the chosen order
 * @param manager the manager's name; null if unknown or not shown
 * @param groups names of the Okta groups; empty if they are not shown
 */
public record Profile(String oktaId, String status, List<TitledValue> shown, String manager, List<String> groups) {

  /**
   * A value as people see it.
   *
   * @return the text; lists joined by commas
   */
  public static String text(TitledValue shown) {
    JsonElement value = JsonParser.parseString(shown.valueJson());
    if (value.isJsonArray()) {
      return value.getAsJsonArray().asList().stream().map(Profile::plain).collect(Collectors.joining(", "));
    }
    return plain(value);
  }

  private static String plain(JsonElement value) {
    return value.isJsonPrimitive() ? value.getAsString() : value.toString();
  }

  /**
   * The profiles of Jira users, from this node's directory, in one native look-up.
   *
   * @param jiraKeys Jira's user keys
   * @param visibility the rule that says what is shown
   * @return the profiles of the matched users, by key
   */
  public static Map<String, Profile> ofJiraUsers(
      OktaProfiles engine, Collection<String> jiraKeys, Visibility visibility) {
    List<String> shown = visibility.shown();
    List<String> attributes = shown.stream().map(Visibility::attributeOf).flatMap(Optional::stream).toList();
    Map<String, Profile> profiles = new HashMap<>();
    for (Person person : engine.people().ofJiraUsers(jiraKeys, attributes)) {
      profiles.put(person.entry().jira().key(), of(person, shown));
    }
    return profiles;
  }

  /**
   * Everything that is known about a person, for code that acts for no viewer.
   *
   * @param person the person
   * @return the profile
   */
  public static Profile whole(Person person) {
    return new Profile(
        person.entry().okta().id(),
        person.entry().okta().status(),
        withValues(person.attributes()),
        person.manager() == null ? null : name(person.manager()),
        person.groups().stream().map(Group::name).toList());
  }

  private static Profile of(Person person, List<String> shown) {
    DirectoryEntry manager = shown.contains(Visibility.MANAGER) ? person.manager() : null;
    List<Group> groups = shown.contains(Visibility.GROUP) ? person.groups() : List.of();
    return new Profile(
        person.entry().okta().id(),
        shown.contains(Visibility.STATUS) ? person.entry().okta().status() : null,
        withValues(person.attributes()),
        manager == null ? null : name(manager),
        groups.stream().map(Group::name).toList());
  }

  /** The name in Jira if Jira knows the person, because that reveals nothing new; otherwise the name in Okta. */
  private static String name(DirectoryEntry entry) {
    boolean known = entry.jira() != null && !entry.jira().displayName().isBlank();
    return known ? entry.jira().displayName() : entry.okta().name();
  }

  /**
   * All attributes of an Okta user that have a value, with their titles.
   *
   * @return the attributes in the order of the schema
   */
  public static List<TitledValue> attributes(OktaProfiles engine, OktaUser user) {
    return withValues(engine.schemas().titledProfile(user.id()));
  }

  private static List<TitledValue> withValues(List<TitledValue> values) {
    return values.stream().filter(value -> !value.valueJson().equals("null")).toList();
  }
}
