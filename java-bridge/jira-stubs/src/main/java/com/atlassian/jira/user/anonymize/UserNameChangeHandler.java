package com.atlassian.jira.user.anonymize;

/** Follows the change of a user's name. */
public interface UserNameChangeHandler extends AnonymizationHandler<UserPropertyChangeParameter> {}
