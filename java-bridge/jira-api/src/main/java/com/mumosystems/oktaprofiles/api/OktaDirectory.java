package com.mumosystems.oktaprofiles.api;

import java.util.List;

/**
 * The directory of Okta users in Jira, as an OSGi service. Asked directly it tells everything that is kept; {@link
 * #asSeenBy} tells what one person may know.
 */
public interface OktaDirectory extends OktaView {
  /**
   * The directory as a person may know it: by the group, the attributes and the searches that an administrator chose
   * under Display. A choice that changes holds from the next question on.
   *
   * @param jiraKey the person's key in Jira; null for somebody who is not signed in, who sees nothing
   * @return the view
   */
  OktaView asSeenBy(String jiraKey);

  /**
   * How much there is, and how fresh.
   *
   * @return the figures of this moment
   */
  OktaFreshness freshness();

  /**
   * What changed, in the order in which it was found. A reader keeps the position of the last change it has handled and
   * goes on behind it; it sees every change that is kept.
   *
   * @param after position of the last change handled; 0 at the beginning
   * @param limit how many at most, 1 to 10 000
   * @return the changes; empty if there are no newer ones
   */
  List<OktaChange> changes(long after, int limit);
}
