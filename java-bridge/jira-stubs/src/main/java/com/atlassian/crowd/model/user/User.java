package com.atlassian.crowd.model.user;

/** A user of one of Jira's user directories. */
public interface User {
  String getName();
}
