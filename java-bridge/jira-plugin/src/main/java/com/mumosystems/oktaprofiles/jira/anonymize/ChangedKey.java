package com.mumosystems.oktaprofiles.jira.anonymize;

import com.atlassian.jira.bc.ServiceResult;
import com.atlassian.jira.user.anonymize.AffectedEntity;
import com.atlassian.jira.user.anonymize.UserKeyChangeHandler;
import com.atlassian.jira.user.anonymize.UserPropertyChangeParameter;
import java.util.Collection;
import java.util.List;

/** Erases the user of a key that Jira removes when it anonymises a user. */
public final class ChangedKey implements UserKeyChangeHandler {
  /** Jira calls this constructor. */
  public ChangedKey() {}

  @Override
  public Collection<AffectedEntity> getAffectedEntities(UserPropertyChangeParameter parameter) {
    return Forgetting.affected(List.of(parameter.getOriginal()));
  }

  @Override
  public ServiceResult update(UserPropertyChangeParameter parameter) {
    return Forgetting.forget(List.of(parameter.getOriginal()), parameter.getContext());
  }

  @Override
  public int getNumberOfTasks(UserPropertyChangeParameter parameter) {
    return 1;
  }
}
