package com.atlassian.crowd.event.user;

import com.atlassian.crowd.model.user.User;

/** A user was created. */
public class UserCreatedEvent {
  private final User user;

  public UserCreatedEvent(User user) {
    this.user = user;
  }

  public User getUser() {
    return user;
  }
}
