package com.atlassian.crowd.event.user;

/** A user was deleted. */
public class UserDeletedEvent {
  private final String username;

  public UserDeletedEvent(String username) {
    this.username = username;
  }

  public String getUsername() {
    return username;
  }
}
