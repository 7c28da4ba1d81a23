package com.atlassian.crowd.event.user;

import com.atlassian.crowd.model.user.User;

/** Name, address or state of a user was changed. */
public class UserEditedEvent extends UserUpdatedEvent {
  public UserEditedEvent(User user) {
    super(user);
  }
}
