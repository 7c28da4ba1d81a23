package com.atlassian.crowd.event.user;

import com.atlassian.crowd.model.user.User;

/** A user has another user name. */
public class UserRenamedEvent extends UserUpdatedEvent {
  public UserRenamedEvent(User user) {
    super(user);
  }
}
