package com.mumosystems.oktaprofiles.api;

import java.util.List;
import java.util.Optional;

/**
 * Okta profiles of Jira users, limited to what the viewer may see. It reads only the directory of this node and
 * sends no request to Okta, so a call takes well under a millisecond. Safe from any thread.
 *
 * <p>Every method throws {@link OktaDirectoryUnavailableException} while the directory cannot be read, for instance
 * while Okta Profiles is stopping.
 */
public interface OktaView {
  /**
   * The profile of a Jira user.
   *
   * @param jiraKey the user's key in Jira, such as JIRAUSER10100
   * @return the profile; empty if no Okta user matches, or if the viewer may see nothing
   */
  Optional<OktaProfile> profileOfJiraUser(String jiraKey);

  /**
   * The profile of a Jira user.
   *
   * @param username the user's name in Jira, without regard to case
   * @return the profile; empty if no Okta user matches, or if the viewer may see nothing
   */
  Optional<OktaProfile> profileOfUsername(String username);

  /**
   * Jira users whose Okta user meets a condition, as the JQL function {@code oktaUsers} finds them.
   *
   * @param name an attribute of the profile (case matters), or {@code status}, {@code group} (id or name) or
   *     {@code manager} (Jira key, Okta id, login or e-mail address); an attribute of such a name is {@code profile.NAME}
   * @param value the required value, compared without regard to case and outer blanks; of a list, one element must
   *     have it
   * @param limit how many keys at most, at least 1
   * @return keys of Jira users, each once; empty if the viewer may not search by this name
   */
  List<String> jiraUsersWhere(String name, String value, int limit);
}
