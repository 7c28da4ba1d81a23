package com.mumosystems.oktaprofiles.jira.node;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Matches made by hand, for every node: a journal in the shared home. Each node applies it to its own directory.
 *
 * <p>Without the journal, a match that was made on a node that does not synchronize would be lost with the next
 * snapshot. Applying an entry twice does no harm, so a node that does not know its position begins at the start.
 */
public final class PinJournal {
  private static final System.Logger LOG = JiraLog.of(PinJournal.class);
  /** Errors of an entry that can never be applied. A busy or full disk or a stopping plugin says nothing about it. */
  private static final Set<ErrorCode> OF_THE_ENTRY =
      Set.of(ErrorCode.NOT_FOUND, ErrorCode.INVALID_ARGUMENT, ErrorCode.INVALID_UTF8);

  private final NodeDirectory directory;
  private final SharedJournal<Entry> journal;
  private final SharedFile<SharedJournal.Bookmark> applied;

  /** One line: a pin, or the end of a pin if {@code oktaId} is null. */
  private record Entry(String jiraKey, String oktaId, String by, String at) {}

  /**
   * A match made by hand, or its end.
   *
   * @param jiraKey Jira's user key
   * @param made true if it was made, false if it was ended
   * @param by key of the administrator; null if that person was erased
   * @param at the time, as ISO 8601
   */
  public record Decision(String jiraKey, boolean made, String by, String at) {}

  /**
   * Reads no file yet.
   *
   * @param host the services of Jira
   * @param folders local and shared folder
   */
  public PinJournal(Host host, HomeFolders folders, NodeDirectory directory) {
    this.directory = directory;
    journal = new SharedJournal<>(
        host, () -> folders.shared().resolve("pins.jsonl"), Entry.class, entry -> entry.jiraKey() != null);
    applied = new SharedFile<>(
        () -> folders.local().resolve("pins.bookmark"),
        SharedJournal.Bookmark.class,
        SharedJournal.Bookmark::isSound);
  }

  /**
   * Matches two users by hand, on this node and on every other one.
   *
   * @param oktaId Okta's user id
   * @param jiraKey Jira's user key
   * @param by key of the administrator
   */
  public void pin(String oktaId, String jiraKey, String by) {
    directory.change(engine -> {
      engine.matching().pin(oktaId, jiraKey);
      return null;
    });
    journal.append(new Entry(jiraKey, oktaId, by, Instant.now().toString()));
    catchUp();
  }

  /**
   * Removes a match made by hand, on this node and on every other one.
   *
   * @param jiraKey Jira's user key
   * @param by key of the administrator
   */
  public void unpin(String jiraKey, String by) {
    directory.change(engine -> {
      engine.matching().unpin(jiraKey);
      return null;
    });
    journal.append(new Entry(jiraKey, null, by, Instant.now().toString()));
    catchUp();
  }

  /**
   * The decisions that were made by hand about an Okta user.
   *
   * @param oktaId Okta's user id
   * @return the decisions, oldest first
   */
  public List<Decision> about(String oktaId) {
    List<Decision> decisions = new ArrayList<>();
    Map<String, String> tied = new HashMap<>();
    journal.follow(SharedJournal.Bookmark.BEGINNING, entry -> {
      boolean ends = oktaId.equals(tied.put(entry.jiraKey(), entry.oktaId()));
      if (oktaId.equals(entry.oktaId())) {
        decisions.add(new Decision(entry.jiraKey(), true, entry.by(), entry.at()));
      } else if (ends) {
        decisions.add(new Decision(entry.jiraKey(), false, entry.by(), entry.at()));
      }
    });
    return decisions;
  }

  /** Applies the entries that other nodes have written. */
  public synchronized void catchUp() {
    SharedJournal.Bookmark from = bookmark();
    SharedJournal.Bookmark end = journal.follow(from, entry -> directory.change(engine -> apply(engine, entry)));
    if (!end.equals(from)) {
      startFrom(end);
    }
  }

  /** The position up to which this node's directory has applied the journal. */
  SharedJournal.Bookmark bookmark() {
    return applied.read().orElse(SharedJournal.Bookmark.BEGINNING);
  }

  /**
   * Sets the position where {@link #catchUp} continues: the position up to which a snapshot has applied the
   * journal.
   */
  void startFrom(SharedJournal.Bookmark bookmark) {
    applied.write(bookmark != null && bookmark.isSound() ? bookmark : SharedJournal.Bookmark.BEGINNING);
  }

  /**
   * Removes a person from the journal: the matches of this user, and the name of this administrator.
   *
   * @param jiraKey Jira's user key
   */
  public void forget(String jiraKey) {
    journal.rewrite(jiraKey, entry -> {
      if (entry.jiraKey().equals(jiraKey)) {
        return null;
      }
      return jiraKey.equals(entry.by()) ? new Entry(entry.jiraKey(), entry.oktaId(), null, entry.at()) : entry;
    });
  }

  /** If it fails for another reason than an unknown user, it throws, and the entry is applied the next time. */
  private static Void apply(OktaProfiles engine, Entry entry) {
    try {
      if (entry.oktaId() == null) {
        engine.matching().unpin(entry.jiraKey());
      } else {
        engine.matching().pin(entry.oktaId(), entry.jiraKey());
      }
    } catch (OktaProfilesException e) {
      if (!OF_THE_ENTRY.contains(e.code())) {
        throw e;
      }
      // This directory does not have one of the users: the user is gone from Okta or from Jira.
      LOG.log(System.Logger.Level.INFO, "A match made by hand cannot be applied: {0}", e.getMessage());
    }
    return null;
  }
}
