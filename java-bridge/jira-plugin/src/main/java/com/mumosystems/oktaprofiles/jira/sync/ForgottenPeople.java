package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.DirectoryEntry;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.Lookup;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.OktaUser;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import com.mumosystems.oktaprofiles.jira.node.PinJournal;
import com.mumosystems.oktaprofiles.jira.node.SharedJournal;
import com.mumosystems.oktaprofiles.jira.node.Snapshots;
import com.mumosystems.oktaprofiles.jira.node.UserHints;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Users of Jira who must be erased, until no file of the cluster contains them.
 *
 * <p>The Okta user that matches is erased too, with its changes, and is not stored again.
 *
 * <p>A wish to erase waits in the shared home. Every node that sees it removes the user from its own directory at
 * once. Then the node with the cluster's lock publishes a snapshot without the user, removes all other snapshots,
 * and ends the wish. A node that was down takes over that snapshot when it starts.
 */
public final class ForgottenPeople {
  private static final System.Logger LOG = JiraLog.of(ForgottenPeople.class);

  private final Host host;
  private final NodeDirectory directory;
  private final Snapshots snapshots;
  private final PinJournal pins;
  private final UserHints hints;
  private final OktaDoor door;
  private final SharedJournal<Wish> wishes;

  /** The Jira user to erase and, if there was a match at the time of the wish, the Okta user. */
  private record Wish(String jiraKey, String oktaId) {}

  /**
   * Erases nobody yet.
   *
   * @param host the services of Jira
   * @param folders the shared folder
   * @param directory the directory of this node
   * @param snapshots publishes the directory to the other nodes
   * @param pins matches made by hand
   * @param hints names of users who changed
   * @param door prevents that a run publishes at the same time
   */
  public ForgottenPeople(
      Host host,
      HomeFolders folders,
      NodeDirectory directory,
      Snapshots snapshots,
      PinJournal pins,
      UserHints hints,
      OktaDoor door) {
    this.hints = hints;
    this.host = host;
    this.directory = directory;
    this.snapshots = snapshots;
    this.pins = pins;
    this.door = door;
    wishes = new SharedJournal<>(
        host, () -> folders.shared().resolve("forget.jsonl"), Wish.class, wish -> wish.jiraKey() != null);
  }

  /**
   * How many entries the directory has about a user.
   *
   * @param jiraKey Jira's user key
   * @return 1 for a user that it contains, 0 for any other
   */
  public long countOf(String jiraKey) {
    return directory.use(engine -> engine.find(Lookup.JIRA_KEY, jiraKey)).isPresent() ? 1 : 0;
  }

  /**
   * The user with a name; Jira may already have deleted the user.
   *
   * @param username Jira's user name
   * @return the keys that the directory has for this name
   */
  public List<String> keysOf(String username) {
    return directory.use(engine -> engine.find(Lookup.JIRA_USERNAME, username)).stream()
        .map(entry -> entry.jira().key())
        .toList();
  }

  /**
   * Erases a user: on this node at once, on the other nodes within a minute.
   *
   * @param jiraKey Jira's user key
   */
  public void forget(String jiraKey) {
    wishes.append(new Wish(jiraKey, oktaIdOf(jiraKey)));
    followWishes();
    try {
      door.hold(() -> {
        snapshots.takeOver(pins);
        // Without a published snapshot this node may know less than the others, so the next run publishes instead.
        if (!host.clustered() || snapshots.newest().isPresent()) {
          publish();
        }
        return null;
      });
    } catch (OktaProfilesException e) {
      if (e.code() != ErrorCode.BUSY) {
        throw e;
      }
      LOG.log(System.Logger.Level.INFO, "A user will be erased from all files when the present run has ended.");
    }
  }

  /**
   * Removes all users who must be erased from this node's directory, from the journal of matches and from the names of
   * users who changed.
   */
  Set<String> followWishes() {
    List<Wish> open = new ArrayList<>();
    wishes.follow(SharedJournal.Bookmark.BEGINNING, open::add);
    Set<String> done = new TreeSet<>();
    for (Wish wish : open) {
      if (directory.change(engine -> forget(engine, wish))) {
        done.add(wish.jiraKey());
      }
      pins.forget(wish.jiraKey());
      hints.forgetNames();
    }
    return done;
  }

  private String oktaIdOf(String jiraKey) {
    return directory
        .use(engine -> engine.find(Lookup.JIRA_KEY, jiraKey))
        .map(DirectoryEntry::okta)
        .map(OktaUser::id)
        .orElse(null);
  }

  /**
   * Erases one user. Returns false if a run of this node uses the Okta user; then the wish waits until the run has
   * ended.
   */
  private static boolean forget(OktaProfiles engine, Wish wish) {
    ignoring(ErrorCode.NOT_FOUND, () -> engine.matching().unpin(wish.jiraKey()));
    engine.matching().removeJiraUsers(List.of(wish.jiraKey()));
    return wish.oktaId() == null
        || ignoring(
            ErrorCode.BUSY,
            () -> ignoring(ErrorCode.NOT_FOUND, () -> engine.people().erase(wish.oktaId())));
  }

  /** Makes a call. Returns false if it failed with this code. */
  private static boolean ignoring(ErrorCode code, Runnable call) {
    try {
      call.run();
      return true;
    } catch (OktaProfilesException e) {
      if (e.code() != code) {
        throw e;
      }
      return false;
    }
  }

  /**
   * Publishes the directory to the other nodes, without the users who must be erased, and ends the wishes. The
   * snapshot before stays for nodes that are still copying it, unless it contains such a user. A node that runs alone
   * replaces the files of an earlier cluster only in that case. The caller must hold the cluster's lock.
   *
   * <p>The wishes stay while nodes with a newer version publish: their files still contain the user, and only they can
   * replace them.
   */
  void publish() {
    Set<String> keys = followWishes();
    boolean leftBehind = !keys.isEmpty() && snapshots.newest().isPresent();
    if ((host.clustered() || leftBehind) && !snapshots.publish(pins, keys.isEmpty())) {
      return;
    }
    keys.forEach(key -> wishes.rewrite(key, wish -> wish.jiraKey().equals(key) ? null : wish));
  }
}
