package com.mumosystems.oktaprofiles.jira.profile;

import com.atlassian.sal.api.user.UserKey;
import com.atlassian.sal.api.user.UserManager;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides who may see which Okta data outside the administration page. Panels, pages of users and JQL all use this
 * rule.
 *
 * <p>The members of one group may see what an administrator chose to show, and may search by what an administrator
 * chose for that. The names are those of JQL: an attribute, or {@code status}, {@code group} and {@code manager}.
 * An attribute that has one of these three names is called {@code profile.status} and so on. The rule is made again
 * for each request, so that a name removed from a list is hidden at once.
 */
public final class Visibility {
  /** Okta's status of a user. */
  public static final String STATUS = "status";
  /** The Okta groups of a user. */
  public static final String GROUP = "group";
  /** The manager of a user. */
  public static final String MANAGER = "manager";

  /** What may be shown and searched in addition to attributes. */
  public static final List<String> BESIDES = List.of(STATUS, GROUP, MANAGER);

  private static final String PREFIX = "profile.";

  private final JiraSettings settings;
  private final UserManager users;

  /**
   * The rule of these settings.
   *
   * @param users SAL's user manager
   */
  public Visibility(JiraSettings settings, UserManager users) {
    this.settings = settings;
    this.users = users;
  }

  /**
   * The rule in force at this moment.
   *
   * @return the rule
   */
  public static Visibility now(Plugin plugin) {
    return new Visibility(plugin.settings().read(), plugin.host().require(UserManager.class));
  }

  /**
   * Whether the present viewer may see anything.
   *
   * @return true if so
   */
  public boolean admitsViewer() {
    return admits(users.getRemoteUserKey());
  }

  /**
   * Whether a user may see anything.
   *
   * @param user the user; null for somebody who is not signed in
   * @return true if so
   */
  public boolean admits(UserKey user) {
    return user != null && isOpen() && users.isUserInGroup(user, settings.visibleToGroup().strip());
  }

  /**
   * Whether anybody may see anything.
   *
   * @return true if a group is set
   */
  public boolean isOpen() {
    return !settings.visibleToGroup().isBlank();
  }

  /**
   * Whether issues of a project show profiles.
   *
   * @param project the key of the project
   * @return true if so
   */
  public boolean reaches(String project) {
    return settings.projects().contains(project);
  }

  /**
   * The names that are shown.
   *
   * @return the names, in display order
   */
  public List<String> shown() {
    return allowed(settings.panelAttributes()).toList();
  }

  /**
   * Whether people may search by a name in JQL.
   *
   * @param name the name to search by
   * @return true if so
   */
  public boolean mayAsk(String name) {
    String asked = nameOf(attributeOf(name).orElse(name), BESIDES.contains(name));
    return allowed(settings.searchAttributes()).anyMatch(asked::equals);
  }

  /**
   * The names that people may search by in JQL.
   *
   * @return the names
   */
  public List<String> askable() {
    return allowed(settings.searchAttributes()).toList();
  }

  /**
   * The attribute that a name means.
   *
   * @param name a name of JQL
   * @return the attribute; empty for status, group and manager
   */
  public static Optional<String> attributeOf(String name) {
    if (BESIDES.contains(name)) {
      return Optional.empty();
    }
    return Optional.of(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name);
  }

  /** The one name of an attribute, or of status, group and manager. */
  private static String nameOf(String name, boolean besides) {
    return !besides && BESIDES.contains(name) ? PREFIX + name : name;
  }

  /** Hides dropped attributes at once, before the next full run removes them from the directory. */
  private Stream<String> allowed(List<String> names) {
    Set<String> needed = needed();
    return names.stream()
        .map(name -> nameOf(attributeOf(name).orElse(name), BESIDES.contains(name)))
        .filter(name -> attributeOf(name).map(attribute -> isKept(attribute, needed)).orElse(true))
        .distinct();
  }

  private boolean isKept(String attribute, Set<String> needed) {
    boolean wanted = settings.attributesKeep().isEmpty()
        || settings.attributesKeep().contains(attribute)
        || needed.contains(attribute);
    return wanted && !settings.attributesDrop().contains(attribute);
  }

  /** Attributes that the engine always keeps; see its setting attributes.keep. */
  private Set<String> needed() {
    Stream<String> ofRules = settings.rules().stream()
        .map(rule -> rule.replaceFirst("=[^=]*$", "").strip().replaceFirst("^attribute:\\s*", ""));
    return Stream.concat(Stream.of("login", "email", settings.managers().attribute()), ofRules)
        .collect(Collectors.toSet());
  }
}
