package com.mumosystems.oktaprofiles.jira.anonymize;

import com.atlassian.jira.bc.ServiceResult;
import com.atlassian.jira.user.anonymize.AffectedEntity;
import com.atlassian.jira.user.anonymize.UserNameChangeHandler;
import com.atlassian.jira.user.anonymize.UserPropertyChangeParameter;
import com.mumosystems.oktaprofiles.jira.Plugin;
import java.util.Collection;

/**
 * Erases the user of a name that Jira removes. The user may already be deleted, and then Jira no longer knows the
 * key.
 */
public final class ChangedName implements UserNameChangeHandler {
  /** Jira calls this constructor. */
  public ChangedName() {}

  @Override
  public Collection<AffectedEntity> getAffectedEntities(UserPropertyChangeParameter parameter) {
    return Forgetting.affected(Plugin.current().forgotten().keysOf(parameter.getOriginal()));
  }

  @Override
  public ServiceResult update(UserPropertyChangeParameter parameter) {
    return Forgetting.forget(Plugin.current().forgotten().keysOf(parameter.getOriginal()), parameter.getContext());
  }

  @Override
  public int getNumberOfTasks(UserPropertyChangeParameter parameter) {
    return 1;
  }
}
