package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.jira.project.ProjectManager;
import com.atlassian.jira.security.groups.GroupManager;
import com.mumosystems.oktaprofiles.Attribute;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.UserType;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.Optionally;
import com.mumosystems.oktaprofiles.jira.profile.Visibility;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses settings that cannot be right: values out of range, and names of things that do not exist. A name that
 * was saved earlier may be gone now, for instance because Okta's administrator removed an attribute. Such a name
 * does not prevent other settings from being saved.
 */
final class SettingsCheck {
  private static final int MINUTES_MAX = 7 * 24 * 60;
  /** The largest file of CA certificates. The certificates of all public authorities take a quarter of a megabyte. */
  private static final long CA_BYTES_MAX = 8L << 20;

  private static final List<String> LIVE_SOURCES = List.of("off", "log", "hook");
  private static final int LIVE_SECONDS_MIN = 5;
  private static final int LIVE_SECONDS_MAX = 600;

  private static final List<String> GROUP_TYPES = List.of("OKTA_GROUP", "APP_GROUP", "BUILT_IN");
  private static final Pattern ADDRESS = Pattern.compile("[^\\s@<>,;]+@[^\\s@<>,;]+");
  private static final Set<String> MANAGER_KEYS = Set.of("", "id", "login", "email");

  private final Plugin plugin;
  private final JiraSettings before;
  private final JiraSettings after;

  private SettingsCheck(Plugin plugin, JiraSettings before, JiraSettings after) {
    this.plugin = plugin;
    this.before = before;
    this.after = after;
  }

  static void check(Plugin plugin, JiraSettings before, JiraSettings after) {
    SettingsCheck check = new SettingsCheck(plugin, before, after);
    check.ranges();
    check.attributes();
    check.group();
    check.projects();
    check.caFile();
  }

  private void ranges() {
    if (after.intervalMinutes() < 0 || after.intervalMinutes() > MINUTES_MAX) {
      throw Call.bad("intervalMinutes must be from 0 to " + MINUTES_MAX + ".");
    }
    if (!List.of("matched", "all").contains(after.retain())) {
      throw Call.bad("retain must be matched or all.");
    }
    live();
    for (String type : added(JiraSettings::groups, JiraSettings.Groups::types)) {
      if (!GROUP_TYPES.contains(type)) {
        throw Call.bad("There is no group type " + type + "; the types are " + String.join(", ", GROUP_TYPES) + ".");
      }
    }
    for (String address : added(JiraSettings::noticesTo)) {
      if (!ADDRESS.matcher(address).matches()) {
        throw Call.bad("An e-mail address has one @ and no blanks; separate several addresses by commas.");
      }
    }
    String proxy = after.network().proxy();
    if (proxy != null && proxy.contains("@")) {
      throw Call.bad("Give user and password of the proxy to the JVM (https.proxyUser, https.proxyPassword), not here.");
    }
  }

  private void live() {
    if (!LIVE_SOURCES.contains(after.live().source())) {
      throw Call.bad("live.source must be off, log or hook.");
    }
    int seconds = after.live().intervalSeconds();
    if (seconds < LIVE_SECONDS_MIN || seconds > LIVE_SECONDS_MAX) {
      throw Call.bad("live.intervalSeconds must be from " + LIVE_SECONDS_MIN + " to " + LIVE_SECONDS_MAX + ".");
    }
  }

  private void attributes() {
    Set<String> named = new TreeSet<>();
    Stream.of(added(JiraSettings::panelAttributes), added(JiraSettings::searchAttributes))
        .flatMap(Set::stream)
        .flatMap(name -> Visibility.attributeOf(name).stream())
        .forEach(named::add);
    named.addAll(added(JiraSettings::attributesKeep));
    named.addAll(added(JiraSettings::attributesDrop));
    named.addAll(added(settings -> ofRules(settings.rules())));
    named.addAll(added(settings -> List.of(settings.managers().attribute())));
    named.addAll(added(settings -> List.of(settings.managers().refersTo())));
    named.removeAll(MANAGER_KEYS);
    Set<String> known = named.isEmpty() ? Set.of() : plugin.directory().use(SettingsCheck::known);
    // Nothing is known before the first run, or while the credential may not read schemas.
    if (!known.isEmpty()) {
      named.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
        throw Call.bad("The profiles of this Okta org have no attribute " + name + "." + suggestion(name, known));
      });
    }
  }

  private static List<String> ofRules(List<String> rules) {
    return rules.stream()
        .map(rule -> rule.replaceFirst("=[^=]*$", "").strip())
        .filter(key -> key.startsWith("attribute:"))
        .map(key -> key.substring("attribute:".length()).strip())
        .toList();
  }

  private static Set<String> known(OktaProfiles engine) {
    return Stream.concat(Stream.of((String) null), engine.schemas().userTypes().stream().map(UserType::id))
        .flatMap(type -> engine.schemas().attributes(type).stream())
        .map(Attribute::name)
        .collect(Collectors.toSet());
  }

  private static String suggestion(String name, Set<String> known) {
    return known.stream()
        .filter(other -> other.equalsIgnoreCase(name))
        .findFirst()
        .map(other -> " Do you mean " + other + "? Upper and lower case matter.")
        .orElse("");
  }

  private void group() {
    String group = after.visibleToGroup().strip();
    if (!group.isEmpty() && !group.equals(before.visibleToGroup().strip()) && !exists(group)) {
      throw Call.bad("Jira has no group " + group + ".");
    }
  }

  private boolean exists(String group) {
    return Optionally.get("looking for a group of Jira", true, () ->
        plugin.host().find(GroupManager.class).map(groups -> groups.groupExists(group)).orElse(true));
  }

  private void projects() {
    Set<String> keys = added(JiraSettings::projects);
    boolean looked = !keys.isEmpty() && Optionally.run("looking for a project of Jira", () ->
        plugin.host().require(ProjectManager.class).getProjects().forEach(project -> keys.remove(project.getKey())));
    if (looked && !keys.isEmpty()) {
      throw Call.bad("Jira has no project " + keys.iterator().next() + ".");
    }
  }

  private void caFile() {
    String name = after.network().caFile();
    if (name == null || name.isEmpty() || name.equals(before.network().caFile())) {
      return;
    }
    try {
      Path file = Path.of(name);
      if (!file.isAbsolute() || !Files.isRegularFile(file) || Files.size(file) > CA_BYTES_MAX) {
        throw Call.bad("There is no certificate file " + name + " on this node. Give the whole path of a PEM file"
            + " that every node of Jira has.");
      }
      try (InputStream pem = Files.newInputStream(file)) {
        if (CertificateFactory.getInstance("X.509").generateCertificates(pem).isEmpty()) {
          throw Call.bad(name + " contains no certificate. It must be a PEM file.");
        }
      }
    } catch (InvalidPathException e) {
      throw Call.bad("caFile is not a valid file name.");
    } catch (IOException e) {
      throw Call.bad("Jira has no permission to read " + name + ".");
    } catch (CertificateException e) {
      throw Call.bad(name + " contains something that is not a certificate. It must be a PEM file.");
    }
  }

  private Set<String> added(Function<JiraSettings, List<String>> list) {
    Set<String> added = new HashSet<>(list.apply(after));
    added.removeAll(list.apply(before));
    return added;
  }

  private <P> Set<String> added(Function<JiraSettings, P> part, Function<P, List<String>> list) {
    return added(part.andThen(list));
  }
}
