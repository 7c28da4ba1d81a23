package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.NativeGroups;
import com.mumosystems.oktaprofiles.internal.Page;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.util.List;
import java.util.Optional;

/**
 * Okta groups and who is in them, as the last syncs read them. Empty unless the setting {@code groups.sync} is
 * on. Reads the directory only and is safe from any thread, see {@link OktaProfiles#groups}.
 */
public final class Groups {
  /** More groups than a user can have, and the engine's own limit. */
  private static final int MOST = 10_000;

  private final OktaProfiles okta;

  Groups(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * Groups in the order of their names.
   *
   * @param type only groups of this type, such as OKTA_GROUP; null for all
   * @param namePrefix only groups whose name begins with this text, without case; null for all
   * @param after {@link GroupPage#next} of the page before; null at the beginning
   * @param limit how many at most, 1 to 10 000
   */
  public GroupPage list(String type, String namePrefix, String after, int limit) {
    byte[] reply = NativeGroups.list(okta.id(), utf8(type), utf8(namePrefix), utf8(after), limit);
    return Pages.groups(Reply.read(reply));
  }

  /**
   * One group.
   *
   * @param groupId Okta's group id
   * @return the group; empty if there is no group with this id
   */
  public Optional<Group> get(String groupId) {
    Page page = Reply.read(NativeGroups.get(okta.id(), utf8(groupId)));
    return page.map(Decode::group).stream().findFirst();
  }

  /**
   * Members of a group, in the order of their Okta ids. An empty list is the end.
   *
   * @param groupId Okta's group id; {@link ErrorCode#NOT_FOUND} is thrown if there is none
   * @param after {@link GroupMember#oktaId} of the last member; null at the beginning
   * @param limit how many at most, 1 to 10 000
   */
  public List<GroupMember> members(String groupId, String after, int limit) {
    Page page = Reply.read(NativeGroups.members(okta.id(), utf8(groupId), utf8(after), limit));
    return page.map(Decode::groupMember);
  }

  /**
   * The keys of the Jira users that match members of a group.
   *
   * @param groupId Okta's group id; {@link ErrorCode#NOT_FOUND} is thrown if there is none
   * @param after {@link JiraKeyPage#next} of the page before; null at the beginning
   * @param limit how many at most, 1 to 10 000
   */
  public JiraKeyPage matchedMembers(String groupId, String after, int limit) {
    return Pages.jiraKeys(
        Reply.read(NativeGroups.matchedMembers(okta.id(), utf8(groupId), utf8(after), limit)));
  }

  /**
   * The groups of a Jira user, in the order of their names.
   *
   * @param jiraKey Jira's user key
   * @return the groups of the matching Okta user; empty if there is none
   */
  public List<Group> groupsOfJiraUser(String jiraKey) {
    return Reply.read(NativeGroups.groupsOfJiraUser(okta.id(), utf8(jiraKey), MOST)).map(Decode::group);
  }

  /**
   * The groups of an Okta user, in the order of their names.
   *
   * @param oktaId Okta's user id
   */
  public List<Group> groupsOfOktaUser(String oktaId) {
    return Reply.read(NativeGroups.groupsOfOktaUser(okta.id(), utf8(oktaId), MOST)).map(Decode::group);
  }
}
