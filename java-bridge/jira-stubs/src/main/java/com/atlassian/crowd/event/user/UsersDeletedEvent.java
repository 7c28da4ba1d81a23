package com.atlassian.crowd.event.user;

import java.util.Collection;

/** Users were deleted together. */
public class UsersDeletedEvent {
  private final Collection<String> usernames;

  public UsersDeletedEvent(Collection<String> usernames) {
    this.usernames = usernames;
  }

  public Collection<String> getUsernames() {
    return usernames;
  }
}
