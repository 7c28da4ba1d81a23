package com.mumosystems.oktaprofiles.jira.anonymize;

import com.atlassian.jira.bc.ServiceResult;
import com.atlassian.jira.bc.ServiceResultImpl;
import com.atlassian.jira.task.context.Context;
import com.atlassian.jira.user.anonymize.AffectedEntity;
import com.atlassian.jira.user.anonymize.AffectedEntityType;
import com.atlassian.jira.util.SimpleErrorCollection;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.sync.ForgottenPeople;
import java.util.Collection;
import java.util.List;

/** The common part of the three extension points of Jira's anonymisation: erases the user on every node. */
final class Forgetting {
  private static final String DESCRIPTION = "okta-profiles.anonymize.match";

  private Forgetting() {}

  /** What the administrator sees before anonymising: how much we keep about the user. A cheap read. */
  static Collection<AffectedEntity> affected(Collection<String> jiraKeys) {
    ForgottenPeople people = Plugin.current().forgotten();
    long known = jiraKeys.stream().mapToLong(people::countOf).sum();
    if (known == 0) {
      return List.of();
    }
    return List.of(AffectedEntity.newBuilder(AffectedEntityType.REMOVE)
        .descriptionKey(DESCRIPTION)
        .numberOfOccurrences(known)
        .build());
  }

  /** One step of Jira's task. Jira shows a failure to the administrator. */
  static ServiceResult forget(Collection<String> jiraKeys, Context context) {
    SimpleErrorCollection errors = new SimpleErrorCollection();
    Context.Task task = context.start(null);
    try {
      jiraKeys.forEach(Plugin.current().forgotten()::forget);
    } catch (OktaProfilesException e) {
      errors.addErrorMessage(e.getMessage());
    } finally {
      task.complete();
    }
    return new ServiceResultImpl(errors);
  }
}
