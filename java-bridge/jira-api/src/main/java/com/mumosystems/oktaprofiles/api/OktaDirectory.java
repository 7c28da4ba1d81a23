package com.mumosystems.oktaprofiles.api;

import java.util.List;

/**
 * The directory of Okta users in Jira, as an OSGi service. Its own methods return everything that is kept. {@link
 * #asSeenBy} returns only what one person may see.
 */
public interface OktaDirectory extends OktaView {
  /**
   * The directory as one person may see it: the administrator chooses under Display which group may see it, which
   * attributes, and which searches. A changed choice holds from the next call on.
   *
   * @param jiraKey the person's key in Jira; null for somebody who is not signed in, who sees nothing
   * @return the view
   */
  OktaView asSeenBy(String jiraKey);

  /**
   * How much the directory contains, and how up to date it is.
   *
   * @return the figures of this moment
   */
  OktaFreshness freshness();

  /**
   * The changes, in the order in which they were found. A reader remembers the position of the last change that it
   * has handled and continues after it; so it sees every change that is kept.
   *
   * @param after position of the last handled change; 0 at the beginning
   * @param limit how many at most, 1 to 10 000
   * @return the changes; empty if there are no newer ones
   */
  List<OktaChange> changes(long after, int limit);
}
