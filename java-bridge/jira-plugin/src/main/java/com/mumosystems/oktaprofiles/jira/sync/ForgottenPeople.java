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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Users of Jira who are to be forgotten, until no file of the cluster knows them.
 *
 * <p>The Okta user to whom the Jira user is tied is erased with it, changes included, and stays away.
 *
 * <p>A wish waits in the shared home. Every node that sees it takes the user out of its own directory at once. Whoever
 * holds the cluster's lock then publishes a snapshot without the user, which is the only one left, and ends the wish: a
 * node that was down takes over that snapshot when it starts.
 */
public final class ForgottenPeople {
  private static final System.Logger LOG = JiraLog.of(ForgottenPeople.class);

  private final Host host;
  private final NodeDirectory directory;
  private final Snapshots snapshots;
  private final PinJournal pins;
  private final OktaDoor door;
  private final SharedJournal<Wish> wishes;

  /** Whom to forget: a Jira user and, if there was a tie when it was wished, the Okta user. */
  private record Wish(String jiraKey, String oktaId) {}

  /**
   * Forgets nobody yet.
   *
   * @param host the services of Jira
   * @param folders the shared folder
   * @param directory the directory of this node
   * @param snapshots how it gets to the other nodes
   * @param pins matches made by hand
   * @param door what keeps a run from publishing at the same time
   */
  public ForgottenPeople(
      Host host, HomeFolders folders, NodeDirectory directory, Snapshots snapshots, PinJournal pins, OktaDoor door) {
    this.host = host;
    this.directory = directory;
    this.snapshots = snapshots;
    this.pins = pins;
    this.door = door;
    wishes = new SharedJournal<>(
        host, () -> folders.shared().resolve("forget.jsonl"), Wish.class, wish -> wish.jiraKey() != null);
  }

  /**
   * How many things the directory keeps of a user.
   *
   * @param jiraKey Jira's user key
   * @return 1 for a user that it knows, 0 for another
   */
  public long countOf(String jiraKey) {
    return directory.use(engine -> engine.find(Lookup.JIRA_KEY, jiraKey)).isPresent() ? 1 : 0;
  }

  /**
   * The user of a name, who may be deleted in Jira already.
   *
   * @param username Jira's user name
   * @return the keys that the directory knows under this name
   */
  public List<String> keysOf(String username) {
    return directory.use(engine -> engine.find(Lookup.JIRA_USERNAME, username)).stream()
        .map(entry -> entry.jira().key())
        .toList();
  }

  /**
   * Forgets a user: here at once, on the other nodes within a minute.
   *
   * @param jiraKey Jira's user key
   */
  public void forget(String jiraKey) {
    wishes.append(new Wish(jiraKey, oktaIdOf(jiraKey)));
    followWishes();
    try {
      door.hold(() -> {
        snapshots.takeOver(pins);
        // Without a snapshot to follow this node may know less than the others: then the next run publishes.
        if (!host.clustered() || snapshots.newest().isPresent()) {
          publish();
        }
        return null;
      });
    } catch (OktaProfilesException e) {
      if (e.code() != ErrorCode.BUSY) {
        throw e;
      }
      LOG.log(System.Logger.Level.INFO, "A user is forgotten by all files when the run that goes on has ended.");
    }
  }

  /** Takes everybody who is to be forgotten out of this node's directory and out of the journal of matches. */
  Set<String> followWishes() {
    List<Wish> open = new ArrayList<>();
    wishes.follow(SharedJournal.Bookmark.BEGINNING, open::add);
    Set<String> done = new TreeSet<>();
    for (Wish wish : open) {
      if (directory.change(engine -> forget(engine, wish))) {
        done.add(wish.jiraKey());
      }
      pins.forget(wish.jiraKey());
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

  /** False if a run of this node holds the Okta user; the wish stays until it has ended. */
  private static boolean forget(OktaProfiles engine, Wish wish) {
    ignoring(ErrorCode.NOT_FOUND, () -> engine.matching().unpin(wish.jiraKey()));
    engine.matching().removeJiraUsers(List.of(wish.jiraKey()));
    return wish.oktaId() == null
        || ignoring(
            ErrorCode.BUSY,
            () -> ignoring(ErrorCode.NOT_FOUND, () -> engine.people().erase(wish.oktaId())));
  }

  /** False if the call failed with this code. */
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
   * Hands the directory to the other nodes, without those who are to be forgotten, which ends the wishes. The snapshot
   * before is left for nodes that still copy it, unless it knows such a person. A node that runs alone replaces what a
   * cluster left behind only then. Only whoever holds the cluster's lock may call it.
   */
  void publish() {
    Set<String> keys = followWishes();
    boolean leftBehind = !keys.isEmpty() && snapshots.newest().isPresent();
    if (host.clustered() || leftBehind) {
      snapshots.publish(pins, keys.isEmpty());
    }
    keys.forEach(key -> wishes.rewrite(key, wish -> wish.jiraKey().equals(key) ? null : wish));
  }
}
