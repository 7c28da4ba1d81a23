package com.mumosystems.oktaprofiles.api;

import java.util.List;
import java.util.Optional;

/**
 * Okta profiles of Jira users, as one who asks may know them. Reads the directory of this node only and asks nothing of
 * Okta: an answer takes well under a millisecond. Safe from any thread.
 *
 * <p>Every method throws {@link OktaDirectoryUnavailableException} while the directory cannot be read, such as while
 * Okta Profiles is stopping.
 */
public interface OktaView {
  /**
   * The profile of a Jira user.
   *
   * @param jiraKey the user's key in Jira, such as JIRAUSER10100
   * @return the profile; empty if the user is tied to no Okta user, or the one who asks may see nothing
   */
  Optional<OktaProfile> profileOfJiraUser(String jiraKey);

  /**
   * The profile of a Jira user.
   *
   * @param username the user's name in Jira, without regard to case
   * @return the profile; empty if the user is tied to no Okta user, or the one who asks may see nothing
   */
  Optional<OktaProfile> profileOfUsername(String username);

  /**
   * Jira users of whom something holds in Okta, as the JQL function {@code oktaUsers} finds them.
   *
   * @param name an attribute of the profile (case matters), or {@code status}, {@code group} (id or name) or
   *     {@code manager} (Jira key, Okta id, login or e-mail address); an attribute of such a name is {@code profile.NAME}
   * @param value what it must be, without regard to case and outer blanks; of a list one element
   * @param limit how many keys at most, at least 1
   * @return keys of Jira users, each once; empty if the one who asks may not ask this
   */
  List<String> jiraUsersWhere(String name, String value, int limit);
}
