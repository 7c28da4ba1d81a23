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
 * Who may see what of Okta outside the administration page: the one rule for panels, pages of users and JQL.
 *
 * <p>Members of one group may see what an administrator chose to show, and ask what an administrator chose to let them
 * ask. Names are those of JQL: an attribute, or {@code status}, {@code group} and {@code manager}; an attribute that
 * has one of these three names is called {@code profile.status} and so on. Made anew for each question, so that what
 * was taken off a list is gone at once.
 */
public final class Visibility {
  /** Okta's status of a user. */
  public static final String STATUS = "status";
  /** The Okta groups of a user. */
  public static final String GROUP = "group";
  /** The manager of a user. */
  public static final String MANAGER = "manager";

  /** What may be shown and asked besides attributes. */
  public static final List<String> BESIDES = List.of(STATUS, GROUP, MANAGER);

  private static final String PREFIX = "profile.";

  private final JiraSettings settings;
  private final UserManager users;

  /**
   * The rule of some settings.
   *
   * @param users SAL's users
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
   * Whether the one who looks may see anything.
   *
   * @return whether
   */
  public boolean admitsViewer() {
    return admits(users.getRemoteUserKey());
  }

  /**
   * Whether a user may see anything.
   *
   * @param user the user; null for nobody
   * @return whether
   */
  public boolean admits(UserKey user) {
    return user != null && isOpen() && users.isUserInGroup(user, settings.visibleToGroup().strip());
  }

  /**
   * Whether anybody may see anything.
   *
   * @return whether a group is set
   */
  public boolean isOpen() {
    return !settings.visibleToGroup().isBlank();
  }

  /**
   * Whether issues of a project show profiles.
   *
   * @param project its key
   * @return whether
   */
  public boolean reaches(String project) {
    return settings.projects().contains(project);
  }

  /**
   * What is shown.
   *
   * @return names in their order
   */
  public List<String> shown() {
    return allowed(settings.panelAttributes()).toList();
  }

  /**
   * Whether something may be asked in JQL.
   *
   * @param name what is asked for
   * @return whether
   */
  public boolean mayAsk(String name) {
    String asked = nameOf(attributeOf(name).orElse(name), BESIDES.contains(name));
    return allowed(settings.searchAttributes()).anyMatch(asked::equals);
  }

  /**
   * What may be asked in JQL.
   *
   * @return names
   */
  public List<String> askable() {
    return allowed(settings.searchAttributes()).toList();
  }

  /**
   * The attribute that a name means.
   *
   * @param name a name as in JQL
   * @return the attribute; empty for status, group and manager
   */
  public static Optional<String> attributeOf(String name) {
    if (BESIDES.contains(name)) {
      return Optional.empty();
    }
    return Optional.of(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name);
  }

  /** The one name of an attribute, or of one of the three. */
  private static String nameOf(String name, boolean besides) {
    return !besides && BESIDES.contains(name) ? PREFIX + name : name;
  }

  /** What is dropped from the directory is gone at once, and not only with the next run that reads everybody. */
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

  /** What the engine keeps in any case: see its setting attributes.keep. */
  private Set<String> needed() {
    Stream<String> ofRules = settings.rules().stream()
        .map(rule -> rule.replaceFirst("=[^=]*$", "").strip().replaceFirst("^attribute:\\s*", ""));
    return Stream.concat(Stream.of("login", "email", settings.managers().attribute()), ofRules)
        .collect(Collectors.toSet());
  }
}
