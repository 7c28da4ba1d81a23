package com.mumosystems.oktaprofiles.jira.host;

import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.jira.user.util.UserManager;
import com.mumosystems.oktaprofiles.JiraUser;
import java.util.Iterator;

/** All users of Jira, one by one, as the engine takes them. */
public final class JiraUsers {
  private JiraUsers() {}

  /**
   * Goes through all users, inactive ones included. The engine takes them in chunks.
   *
   * @param host the services of Jira
   * @return the users
   */
  public static Iterator<JiraUser> of(Host host) {
    Iterator<ApplicationUser> users = host.require(UserManager.class).getAllApplicationUsers().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return users.hasNext();
      }

      @Override
      public JiraUser next() {
        return convert(users.next());
      }
    };
  }

  private static JiraUser convert(ApplicationUser user) {
    return new JiraUser(
        user.getKey(),
        text(user.getUsername()),
        text(user.getEmailAddress()),
        text(user.getDisplayName()),
        user.isActive());
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }
}
