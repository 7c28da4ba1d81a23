package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.DirectoryEntry;
import com.mumosystems.oktaprofiles.DirectoryStatistics;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.JiraUser;
import com.mumosystems.oktaprofiles.Lookup;
import com.mumosystems.oktaprofiles.MatchCounts;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.SettingKey;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.JiraUsers;
import com.mumosystems.oktaprofiles.jira.node.UserHints;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the engine the users of Jira: the users whom events name, or all users if the events may not suffice. All users
 * are also compared as often as a full run is due.
 *
 * <p>The comparison of all users refuses to lose many of them. So events about many users lead to that comparison
 * too.
 */
final class JiraHandOver {
  private static final System.Logger LOG = JiraLog.of(JiraHandOver.class);
  /** A single look-up costs far more than a row of the list of all users. */
  private static final long MOST_LOOK_UPS = 1_000;

  private final Host host;
  private final UserHints hints;

  JiraHandOver(Host host, UserHints hints) {
    this.host = host;
    this.hints = hints;
  }

  /**
   * Gives a run the users of Jira.
   *
   * @return what the directory then contains; empty if that cannot be noted
   */
  Optional<UserHints.Look> handOver(OktaProfiles engine, SyncRequest request) {
    Optional<UserHints.Look> look = hints.look();
    Optional<Changed> changed = changed(engine, request, look);
    if (changed.isPresent()) {
      changed.get().remove(engine);
      changed.get().handOver(engine);
    } else {
      compareAll(engine, request);
      look.ifPresent(UserHints.Look::compared);
    }
    return look;
  }

  private void compareAll(OktaProfiles engine, SyncRequest request) {
    try {
      JiraUsers.read(host, users -> engine.matching().replaceJiraUsers(users, request.confirmJiraLoss()));
    } catch (RuntimeException e) {
      // The next run must not succeed only because it does not compare.
      hints.missed();
      throw e;
    }
  }

  /**
   * Gives the engine users of Jira who came or changed since the last run. Only a run ends their waiting and removes
   * users, so that its limit applies to all of them together.
   *
   * @return whether there were any
   */
  boolean handOverNew(OktaProfiles engine) {
    Optional<Changed> changed = changed(engine, SyncRequest.scheduled(), hints.look());
    return changed.isPresent() && changed.get().handOver(engine);
  }

  /** The users whom events name; empty if all users must be compared. */
  private Optional<Changed> changed(OktaProfiles engine, SyncRequest request, Optional<UserHints.Look> look) {
    Optional<String> reason = reasonForAll(engine, request, look);
    try {
      if (reason.isEmpty()) {
        return look.map(known -> lookUp(engine, known.names()));
      }
    } catch (RuntimeException e) {
      if (e instanceof OktaProfilesException known && known.code() == ErrorCode.CANCELLED) {
        throw e;
      }
      // The message may contain the user's name, so only its kind is logged.
      reason = Optional.of("a user cannot be looked up, " + e.getClass().getSimpleName());
    }
    LOG.log(Level.INFO, "All users of Jira must be compared: {0}", reason.orElseThrow());
    return Optional.empty();
  }

  /** Why all users must be compared; empty if the events suffice. */
  private Optional<String> reasonForAll(OktaProfiles engine, SyncRequest request, Optional<UserHints.Look> look) {
    if (request.mode().equals("full") || request.confirmJiraLoss()) {
      return Optional.of("it was requested");
    }
    if (!hints.isListening() || look.isEmpty() || !look.get().isWhole()) {
      return Optional.of("events may have been missed");
    }
    Duration age = look.get().sinceComparison();
    if (age.isNegative() || age.compareTo(Duration.ofHours(number(engine, SettingKey.SYNC_FULL_EVERY_HOURS))) >= 0) {
      return Optional.of("the last comparison is too old");
    }
    if (look.get().names().size() > most(engine)) {
      return Optional.of("many users changed");
    }
    return Optional.empty();
  }

  /** How many users may be lost without a comparison of all; -1 in an empty directory. */
  private static long most(OktaProfiles engine) {
    DirectoryStatistics statistics = engine.statistics();
    MatchCounts counts = statistics.matches();
    long matches = counts.matched() + counts.pinned();
    if (statistics.jiraUsers() == 0) {
      return -1;
    }
    long fewest = matches == 0 ? statistics.jiraUsers() : matches;
    long share = fewest * number(engine, SettingKey.SWEEP_MAX_JIRA_LOSS_PERCENT) / 100;
    return Math.min(MOST_LOOK_UPS, Math.min(share, number(engine, SettingKey.SWEEP_MAX_JIRA_LOSS_USERS)));
  }

  private static long number(OktaProfiles engine, SettingKey key) {
    return Long.parseLong(engine.setting(key.key()));
  }

  /** Users who differ from the directory, and keys of users whom Jira no longer has. */
  private record Changed(Map<String, JiraUser> present, Set<String> gone) {
    void remove(OktaProfiles engine) {
      if (!gone.isEmpty()) {
        engine.matching().removeJiraUsers(gone);
      }
    }

    boolean handOver(OktaProfiles engine) {
      if (!present.isEmpty()) {
        engine.matching().upsertJiraUsers(present.values());
      }
      return !present.isEmpty();
    }
  }

  /**
   * Looks the users up in Jira. The directory may have another user under such a name, who was renamed or deleted, so
   * that user is looked up too.
   */
  private Changed lookUp(OktaProfiles engine, Set<String> names) {
    Changed changed = new Changed(new HashMap<>(), new HashSet<>());
    for (String name : names) {
      JiraUsers.named(host, name).ifPresent(user -> compare(engine, user, changed));
      engine.find(Lookup.JIRA_USERNAME, name).map(DirectoryEntry::jira).map(JiraUser::key).ifPresent(key ->
          JiraUsers.keyed(host, key)
              .ifPresentOrElse(user -> compare(engine, user, changed), () -> changed.gone.add(key)));
    }
    LOG.log(Level.DEBUG, "Of {0} users whom events of Jira name, {1} came or changed and {2} are gone",
        names.size(), changed.present.size(), changed.gone.size());
    return changed;
  }

  private static void compare(OktaProfiles engine, JiraUser user, Changed changed) {
    Optional<JiraUser> known = engine.find(Lookup.JIRA_KEY, user.key()).map(DirectoryEntry::jira);
    if (known.isEmpty() || !isSame(known.get(), user)) {
      changed.present.put(user.key(), user);
    }
  }

  // Not by the equals of the record: the JDK remembers the last record class whose equals it made, and with it the
  // plugin's class loader.
  private static boolean isSame(JiraUser one, JiraUser other) {
    return one.username().equals(other.username())
        && one.email().equals(other.email())
        && one.displayName().equals(other.displayName())
        && one.active() == other.active();
  }
}
