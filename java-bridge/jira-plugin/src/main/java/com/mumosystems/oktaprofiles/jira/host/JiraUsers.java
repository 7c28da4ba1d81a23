package com.mumosystems.oktaprofiles.jira.host;

import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.jira.user.util.UserManager;
import com.mumosystems.oktaprofiles.JiraUser;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;

/**
 * Users of Jira in the form of the engine. Jira returns all of them only as one list. So only one such list is in
 * memory at a time, and it is released when its reader has ended.
 */
public final class JiraUsers {
  private JiraUsers() {}

  /**
   * Passes all users, inactive ones too, to a reader. Waits while another thread of this node does the same.
   *
   * @param <T> the type of the result
   * @param host the services of Jira
   * @param reader reads the users, for instance in batches
   * @return the result of the reader
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

  /**
   * One user.
   *
   * @param host the services of Jira
   * @param name the user name
   * @return the user; empty if Jira has no user of this name
   */
  public static Optional<JiraUser> named(Host host, String name) {
    return find(host, users -> users.getUserByName(name));
  }

  /**
   * One user.
   *
   * @param host the services of Jira
   * @param key the user's key
   * @return the user; empty if Jira has no user with this key
   */
  public static Optional<JiraUser> keyed(Host host, String key) {
    return find(host, users -> users.getUserByKey(key));
  }

  private static Optional<JiraUser> find(Host host, Function<UserManager, ApplicationUser> call) {
    try {
      ApplicationUser found = call.apply(host.require(UserManager.class));
      // As in a comparison of all users, one without a key does not count.
      return Optional.ofNullable(found).filter(user -> user.getKey() != null).map(JiraUsers::convert);
    } catch (LinkageError e) {
      throw MissingService.of(e);
    }
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
