package com.atlassian.crowd.event.user;

import com.atlassian.crowd.model.user.User;

/** A directory's synchronisation brought a user. */
public class UserCreatedFromDirectorySynchronisationEvent extends UserCreatedEvent {
  public UserCreatedFromDirectorySynchronisationEvent(User user) {
    super(user);
  }
}
