package com.mumosystems.oktaprofiles.jira.anonymize;

import com.atlassian.jira.bc.ServiceResult;
import com.atlassian.jira.user.anonymize.AffectedEntity;
import com.atlassian.jira.user.anonymize.UserAnonymizationHandler;
import com.atlassian.jira.user.anonymize.UserAnonymizationParameter;
import java.util.Collection;
import java.util.List;

/** Erases a user whom Jira anonymises. */
public final class AnonymizedUser implements UserAnonymizationHandler {
  /** Jira calls this constructor. */
  public AnonymizedUser() {}

  @Override
  public Collection<AffectedEntity> getAffectedEntities(UserAnonymizationParameter parameter) {
    return Forgetting.affected(List.of(parameter.getUserKey()));
  }

  @Override
  public ServiceResult update(UserAnonymizationParameter parameter) {
    return Forgetting.forget(List.of(parameter.getUserKey()), parameter.getContext());
  }

  @Override
  public int getNumberOfTasks(UserAnonymizationParameter parameter) {
    return 1;
  }
}
