package com.mumosystems.oktaprofiles.jira.anonymize;

import com.atlassian.jira.bc.ServiceResult;
import com.atlassian.jira.user.anonymize.AffectedEntity;
import com.atlassian.jira.user.anonymize.UserNameChangeHandler;
import com.atlassian.jira.user.anonymize.UserPropertyChangeParameter;
import com.mumosystems.oktaprofiles.jira.Plugin;
import java.util.Collection;

/** Forgets the user of a name that Jira takes away. The user may be deleted already: then Jira knows no key any more. */
public final class ChangedName implements UserNameChangeHandler {
  /** Made by Jira. */
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
