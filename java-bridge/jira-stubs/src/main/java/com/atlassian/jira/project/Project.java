package com.atlassian.jira.project;

/** A project. */
public interface Project {
  String getKey();

  String getName();
}
