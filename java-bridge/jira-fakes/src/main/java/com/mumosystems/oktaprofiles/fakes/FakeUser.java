package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.jira.user.ApplicationUser;

/**
 * A user of the Jira in memory.
 *
 * @param key the key
 * @param username the name
 * @param email the e-mail address
 * @param displayName the name shown
 * @param active whether the user may sign in
 */
public record FakeUser(String key, String username, String email, String displayName, boolean active)
    implements ApplicationUser {
  @Override
  public String getKey() {
    return key;
  }

  @Override
  public String getUsername() {
    return username;
  }

  @Override
  public String getEmailAddress() {
    return email;
  }

  @Override
  public String getDisplayName() {
    return displayName;
  }

  @Override
  public boolean isActive() {
    return active;
  }
}
