package com.atlassian.jira.project;

import java.util.List;

/** All projects. */
public interface ProjectManager {
  List<Project> getProjects();
}
