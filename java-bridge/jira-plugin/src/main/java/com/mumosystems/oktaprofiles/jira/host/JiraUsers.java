package com.mumosystems.oktaprofiles.jira.host;

import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.jira.user.util.UserManager;
import com.mumosystems.oktaprofiles.JiraUser;
import java.util.Iterator;
import java.util.function.Function;

/**
 * All users of Jira, one by one, as the engine takes them. Jira hands them out as one list only, so there is one
 * such list in memory at a time, and it is let go of when its reader has ended.
 */
public final class JiraUsers {
  private JiraUsers() {}

  /**
   * Goes through all users, inactive ones included. Waits for whoever else on this node does so.
   *
   * @param <T> what is made of them
   * @param host the services of Jira
   * @param reader takes the users; the engine does so in chunks
   * @return what the reader gives
   */
  public static <T> T read(Host host, Function<Iterator<JiraUser>, T> reader) {
    synchronized (JiraUsers.class) {
      return reader.apply(all(host));
    }
  }

  private static Iterator<JiraUser> all(Host host) {
    Iterator<ApplicationUser> users;
    try {
      users = host.require(UserManager.class).getAllApplicationUsers().iterator();
    } catch (LinkageError e) {
      throw MissingService.of(e);
    }
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
