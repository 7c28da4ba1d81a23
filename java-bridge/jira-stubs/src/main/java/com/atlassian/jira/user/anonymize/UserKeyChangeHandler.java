package com.atlassian.jira.user.anonymize;

/** Follows the change of a user's key. */
public interface UserKeyChangeHandler extends AnonymizationHandler<UserPropertyChangeParameter> {}
