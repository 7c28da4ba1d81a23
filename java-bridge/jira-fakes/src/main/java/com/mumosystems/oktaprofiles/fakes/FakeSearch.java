package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.jira.jql.query.QueryCreationContext;
import com.atlassian.jira.user.ApplicationUser;

/**
 * A search in JQL, with everything that Jira checks.
 *
 * @param searcher who searches; null for nobody
 */
public record FakeSearch(ApplicationUser searcher) implements QueryCreationContext {
  @Override
  public ApplicationUser getApplicationUser() {
    return searcher;
  }

  @Override
  public boolean isSecurityOverriden() {
    return false;
  }
}
