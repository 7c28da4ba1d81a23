package com.atlassian.jira.user.anonymize;

/** Takes personal data of a user out of what a plugin keeps. */
public interface UserAnonymizationHandler extends AnonymizationHandler<UserAnonymizationParameter> {}
