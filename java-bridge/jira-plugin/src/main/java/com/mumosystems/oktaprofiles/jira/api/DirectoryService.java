package com.mumosystems.oktaprofiles.jira.api;

import com.atlassian.sal.api.user.UserKey;
import com.mumosystems.oktaprofiles.Change;
import com.mumosystems.oktaprofiles.DirectoryEntry;
import com.mumosystems.oktaprofiles.DirectoryStatistics;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.Lookup;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.Person;
import com.mumosystems.oktaprofiles.api.OktaAttribute;
import com.mumosystems.oktaprofiles.api.OktaChange;
import com.mumosystems.oktaprofiles.api.OktaDirectory;
import com.mumosystems.oktaprofiles.api.OktaDirectoryUnavailableException;
import com.mumosystems.oktaprofiles.api.OktaFreshness;
import com.mumosystems.oktaprofiles.api.OktaProfile;
import com.mumosystems.oktaprofiles.api.OktaView;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.profile.Profile;
import com.mumosystems.oktaprofiles.jira.profile.Visibility;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The directory for other plugins. It reads this node's engine and returns the exported types only. */
public final class DirectoryService implements OktaDirectory {
  /** Keeps no state: each call gets the running plugin anew. */
  public DirectoryService() {}

  @Override
  public OktaView asSeenBy(String jiraKey) {
    return new PersonView(jiraKey == null ? null : new UserKey(jiraKey));
  }

  @Override
  public Optional<OktaProfile> profileOfJiraUser(String jiraKey) {
    return ask(engine -> person(engine, jiraKey).map(person -> told(jiraKey, Profile.whole(person))));
  }

  @Override
  public Optional<OktaProfile> profileOfUsername(String username) {
    return keyOf(username).flatMap(this::profileOfJiraUser);
  }

  @Override
  public List<String> jiraUsersWhere(String name, String value, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1");
    }
    return ask(engine -> {
      try {
        return List.copyOf(engine.people().usersWhere(name, value, limit));
      } catch (OktaProfilesException e) {
        if (e.code() == ErrorCode.NOT_FOUND) {
          return List.<String>of();
        }
        throw e;
      }
    });
  }

  @Override
  public OktaFreshness freshness() {
    DirectoryStatistics found = ask(OktaProfiles::statistics);
    long matched = found.matches().matched() + found.matches().pinned();
    return new OktaFreshness(found.freshAsOf(), found.lastFull(), found.oktaUsers(), matched, found.lastChange());
  }

  @Override
  public List<OktaChange> changes(long after, int limit) {
    return ask(engine -> engine.changes(after, null, limit).stream().map(change -> told(engine, change)).toList());
  }

  private static OktaChange told(OktaProfiles engine, Change change) {
    String jiraKey = engine.find(Lookup.OKTA_ID, change.oktaId())
        .map(DirectoryEntry::jira)
        .map(user -> user.key())
        .orElse(null);
    return new OktaChange(
        change.position(), change.at(), change.oktaId(), jiraKey, String.valueOf(change.kind()), change.fieldsJson());
  }

  private static Optional<Person> person(OktaProfiles engine, String jiraKey) {
    return engine.people().ofJiraUsers(List.of(jiraKey)).stream().findFirst();
  }

  private static Optional<String> keyOf(String username) {
    return ask(engine -> engine.find(Lookup.JIRA_USERNAME, username)).map(entry -> entry.jira().key());
  }

  private static OktaProfile told(String jiraKey, Profile profile) {
    List<OktaAttribute> attributes = profile.shown().stream()
        .map(shown -> new OktaAttribute(shown.name(), shown.title(), Profile.text(shown), shown.valueJson()))
        .toList();
    return new OktaProfile(jiraKey, profile.status(), attributes, profile.manager(), profile.groups());
  }

  /** The engine's exceptions stay inside the bundle, because other plugins cannot load their class. */
  private static <T> T ask(Function<OktaProfiles, T> question) {
    try {
      return Plugin.current().directory().use(question);
    } catch (OktaProfilesException e) {
      if (e.code() == ErrorCode.INVALID_ARGUMENT) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
      throw new OktaDirectoryUnavailableException(e.getMessage(), e);
    }
  }

  /** What one person may see. The rule is read again for each call. */
  private final class PersonView implements OktaView {
    private final UserKey viewer;

    PersonView(UserKey viewer) {
      this.viewer = viewer;
    }

    @Override
    public Optional<OktaProfile> profileOfJiraUser(String jiraKey) {
      Visibility visibility = visibility();
      if (!visibility.admits(viewer)) {
        return Optional.empty();
      }
      return Optional.ofNullable(ask(engine -> Profile.ofJiraUsers(engine, List.of(jiraKey), visibility).get(jiraKey)))
          .map(profile -> told(jiraKey, profile));
    }

    @Override
    public Optional<OktaProfile> profileOfUsername(String username) {
      return visibility().admits(viewer) ? keyOf(username).flatMap(this::profileOfJiraUser) : Optional.empty();
    }

    @Override
    public List<String> jiraUsersWhere(String name, String value, int limit) {
      Visibility visibility = visibility();
      boolean may = visibility.admits(viewer) && visibility.mayAsk(name);
      return may ? DirectoryService.this.jiraUsersWhere(name, value, limit) : List.of();
    }

    private Visibility visibility() {
      try {
        return Visibility.now(Plugin.current());
      } catch (OktaProfilesException e) {
        throw new OktaDirectoryUnavailableException(e.getMessage(), e);
      }
    }
  }
}
