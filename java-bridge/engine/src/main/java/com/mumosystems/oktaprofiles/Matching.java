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
 * The Jira users and the Okta users to whom they are tied: handing them over, matching them by rules, tying them by
 * hand. Sends no request to Okta. Safe from any thread, see {@link OktaProfiles#matching}.
 */
public final class Matching {
  private final OktaProfiles okta;

  Matching(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * Replaces the set of Jira users and matches again, in one step for readers. If the iterator throws, the old set stays.
   * An empty set is refused if there were users; so is a set that loses more users or matches than the settings {@code
   * sweep.max_jira_loss_*} allow.
   *
   * @param users all users of Jira; read in batches
   * @param confirmLoss accepts such a loss, an empty set included
   * @return what it did
   * @throws OktaProfilesException with {@link ErrorCode#JIRA_USERS_EMPTY} or {@link
   *     ErrorCode#TOO_MANY_JIRA_USERS_LOST}, and nothing is changed
   */
  public JiraUserCounts replaceJiraUsers(Iterator<JiraUser> users, boolean confirmLoss) {
    handOver(users);
    return Decode.jiraUserCounts(Named.of(Reply.read(NativeMatching.commitJiraUsers(okta.id(), confirmLoss ? 1 : 0))));
  }

  /**
   * What {@link #replaceJiraUsers} would do with these users: above all, how many matches would end. Nothing is
   * changed. Not while another replacement is under way.
   *
   * @param users all users of Jira; read in batches
   * @return what it would do
   */
  public JiraUserCounts previewJiraUsers(Iterator<JiraUser> users) {
    handOver(users);
    JiraUserCounts told = Decode.jiraUserCounts(Named.of(Reply.read(NativeMatching.previewJiraUsers(okta.id()))));
    Reply.read(NativeMatching.beginJiraUsers(okta.id()));
    return told;
  }

  /** Hands users over in batches. Users of an earlier hand-over that was not committed are forgotten first. */
  void handOver(Iterator<JiraUser> users) {
    Reply.read(NativeMatching.beginJiraUsers(okta.id()));
    while (users.hasNext()) {
      Reply.read(NativeMatching.addJiraUsers(okta.id(), JiraUserPages.nextBatch(users)));
    }
  }

  /** Adds or changes single Jira users and matches anew. */
  public void upsertJiraUsers(Collection<JiraUser> users) {
    Reply.read(NativeMatching.upsertJiraUsers(okta.id(), JiraUserPages.all(users)));
  }

  /**
   * Removes Jira users and matches anew. Unknown keys are ignored.
   *
   * @param keys their keys
   */
  public void removeJiraUsers(Collection<String> keys) {
    Reply.read(NativeMatching.removeJiraUsers(okta.id(), JiraUserPages.keys(keys)));
  }

  /** Matches anew by the rules in force. */
  public MatchCounts rematch() {
    return Decode.matchCounts(Named.of(Reply.read(NativeMatching.rematch(okta.id()))));
  }

  /**
   * What other rules would do with the present directory. Changes nothing.
   *
   * @param rules such as {@code login=username, email=email}
   * @return the comparison
   */
  public MatchPreview previewMatching(String rules) {
    return Decode.matchPreview(Named.of(Reply.read(NativeMatching.previewMatching(okta.id(), utf8(rules)))));
  }

  /**
   * The pairs behind {@link #previewMatching}: those that would begin, as they would be, or those that would end, as
   * they are. Changes nothing.
   *
   * @param rules such as {@code login=username, email=email}
   * @param which which pairs
   * @param limit how many at most, 1 to 10 000
   */
  public List<DirectoryEntry> previewPairs(String rules, PreviewOf which, int limit) {
    return Reply.read(NativeMatching.previewPairs(okta.id(), utf8(rules), which.number, limit)).map(Decode::directoryEntry);
  }

  /**
   * Ties an Okta user to a Jira user by hand; later runs and rules do not change the tie.
   *
   * @param oktaId Okta's user id
   * @param jiraKey Jira's user key
   */
  public void pin(String oktaId, String jiraKey) {
    Reply.read(NativeMatching.pin(okta.id(), utf8(oktaId), utf8(jiraKey)));
  }

  /**
   * Removes the pin of a Jira user and matches anew.
   *
   * @param jiraKey Jira's user key
   */
  public void unpin(String jiraKey) {
    Reply.read(NativeMatching.unpin(okta.id(), utf8(jiraKey)));
  }

  /**
   * The Jira users that an ambiguous Okta user could be.
   *
   * @param oktaId Okta's user id
   * @param limit how many at most, 1 to 10 000
   */
  public List<DirectoryEntry> candidatesOfOktaUser(String oktaId, int limit) {
    return Reply.read(NativeMatching.candidates(okta.id(), Flags.CANDIDATES_OF_OKTA_USER, utf8(oktaId), limit)).map(Decode::directoryEntry);
  }

  /**
   * The Okta users that an ambiguous Jira user could be.
   *
   * @param jiraKey Jira's user key
   * @param limit how many at most, 1 to 10 000
   */
  public List<DirectoryEntry> candidatesOfJiraUser(String jiraKey, int limit) {
    return Reply.read(NativeMatching.candidates(okta.id(), Flags.CANDIDATES_OF_JIRA_USER, utf8(jiraKey), limit)).map(Decode::directoryEntry);
  }
}
