package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.Flags;
import com.mumosystems.oktaprofiles.internal.NativeMatching;
import com.mumosystems.oktaprofiles.internal.Page;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/**
 * Jira users and the Okta users that they match: handing Jira users over, matching by rules, matching by hand.
 * Sends no request to Okta. Safe from any thread, see {@link OktaProfiles#matching}.
 */
public final class Matching {
  private final OktaProfiles okta;

  Matching(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * Replaces the set of Jira users and matches again; readers see both in one step. If the iterator throws, the old
   * set stays. An empty set is refused if there were users before. A set is also refused if it loses more users or
   * matches than the settings {@code sweep.max_jira_loss_*} allow.
   *
   * @param users all users of Jira; read in batches
   * @param confirmLoss whether to accept such a loss, even an empty set
   * @return what was changed
   * @throws OktaProfilesException with {@link ErrorCode#JIRA_USERS_EMPTY} or {@link
   *     ErrorCode#TOO_MANY_JIRA_USERS_LOST}; then nothing was changed
   */
  public JiraUserCounts replaceJiraUsers(Iterator<JiraUser> users, boolean confirmLoss) {
    handOver(users);
    return Decode.jiraUserCounts(Named.of(Reply.read(NativeMatching.commitJiraUsers(okta.id(), confirmLoss ? 1 : 0))));
  }

  /**
   * Shows what {@link #replaceJiraUsers} would do with these users, above all how many matches would end. Nothing
   * is changed. Do not call it while another replacement runs.
   *
   * @param users all users of Jira; read in batches
   * @return what would be changed
   */
  public JiraUserCounts previewJiraUsers(Iterator<JiraUser> users) {
    handOver(users);
    JiraUserCounts told = Decode.jiraUserCounts(Named.of(Reply.read(NativeMatching.previewJiraUsers(okta.id()))));
    Reply.read(NativeMatching.beginJiraUsers(okta.id()));
    return told;
  }

  /** Hands users over in batches. Users of an earlier hand-over that was not committed are dropped first. */
  void handOver(Iterator<JiraUser> users) {
    Reply.read(NativeMatching.beginJiraUsers(okta.id()));
    while (users.hasNext()) {
      Reply.read(NativeMatching.addJiraUsers(okta.id(), JiraUserPages.nextBatch(users)));
    }
  }

  /** Adds or changes single Jira users and matches again. */
  public void upsertJiraUsers(Collection<JiraUser> users) {
    Reply.read(NativeMatching.upsertJiraUsers(okta.id(), JiraUserPages.all(users)));
  }

  /**
   * Removes Jira users and matches again. Unknown keys are ignored.
   *
   * @param keys their keys
   */
  public void removeJiraUsers(Collection<String> keys) {
    Reply.read(NativeMatching.removeJiraUsers(okta.id(), JiraUserPages.keys(keys)));
  }

  /** Matches again by the rules in force. */
  public MatchCounts rematch() {
    return Decode.matchCounts(Named.of(Reply.read(NativeMatching.rematch(okta.id()))));
  }

  /**
   * Shows what other rules would do with the present directory. Changes nothing.
   *
   * @param rules such as {@code login=username, email=email}
   * @return the comparison
   */
  public MatchPreview previewMatching(String rules) {
    return Decode.matchPreview(Named.of(Reply.read(NativeMatching.previewMatching(okta.id(), utf8(rules)))));
  }

  /**
   * The pairs that differ in {@link #previewMatching}: the pairs that the rules would add, or the present pairs
   * that would end. Changes nothing.
   *
   * @param rules such as {@code login=username, email=email}
   * @param which which pairs
   * @param limit how many at most, 1 to 10 000
   */
  public List<DirectoryEntry> previewPairs(String rules, PreviewOf which, int limit) {
    return Reply.read(NativeMatching.previewPairs(okta.id(), utf8(rules), which.number, limit)).map(Decode::directoryEntry);
  }

  /**
   * Matches an Okta user and a Jira user by hand; later runs and rules do not change this match.
   *
   * @param oktaId Okta's user id
   * @param jiraKey Jira's user key
   */
  public void pin(String oktaId, String jiraKey) {
    Reply.read(NativeMatching.pin(okta.id(), utf8(oktaId), utf8(jiraKey)));
  }

  /**
   * Removes the pin of a Jira user and matches again.
   *
   * @param jiraKey Jira's user key
   */
  public void unpin(String jiraKey) {
    Reply.read(NativeMatching.unpin(okta.id(), utf8(jiraKey)));
  }

  /**
   * The Jira users that may match an ambiguous Okta user.
   *
   * @param oktaId Okta's user id
   * @param limit how many at most, 1 to 10 000
   */
  public List<DirectoryEntry> candidatesOfOktaUser(String oktaId, int limit) {
    return Reply.read(NativeMatching.candidates(okta.id(), Flags.CANDIDATES_OF_OKTA_USER, utf8(oktaId), limit)).map(Decode::directoryEntry);
  }

  /**
   * The Okta users that may match an ambiguous Jira user.
   *
   * @param jiraKey Jira's user key
   * @param limit how many at most, 1 to 10 000
   */
  public List<DirectoryEntry> candidatesOfJiraUser(String jiraKey, int limit) {
    return Reply.read(NativeMatching.candidates(okta.id(), Flags.CANDIDATES_OF_JIRA_USER, utf8(jiraKey), limit)).map(Decode::directoryEntry);
  }
}
