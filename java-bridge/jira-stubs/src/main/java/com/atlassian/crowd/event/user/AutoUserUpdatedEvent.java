package com.atlassian.crowd.event.user;

import com.atlassian.crowd.model.user.User;

/** A user was changed because the user signed in. */
public class AutoUserUpdatedEvent extends UserUpdatedEvent {
  public AutoUserUpdatedEvent(User user) {
    super(user);
  }
}
