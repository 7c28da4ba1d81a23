package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.jira.project.Project;

/**
 * A project of the Jira in memory.
 *
 * @param key the key
 * @param name the name
 */
public record FakeProject(String key, String name) implements Project {
  @Override
  public String getKey() {
    return key;
  }

  @Override
  public String getName() {
    return name;
  }
}
