package com.atlassian.crowd.event.user;

import com.atlassian.crowd.model.user.User;

/** An attribute of a user was stored, such as the time of the last sign-in. */
public class UserAttributeStoredEvent extends UserUpdatedEvent {
  public UserAttributeStoredEvent(User user) {
    super(user);
  }
}
