package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.jira.security.groups.GroupManager;
import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.jira.user.util.UserManager;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** All users of the Jira in memory, with their groups. */
public final class FakeUsers implements UserManager, GroupManager {
  private final Map<String, ApplicationUser> byKey = java.util.Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, Set<String>> groups = new ConcurrentHashMap<>();
  private volatile RuntimeException failure;
  private volatile BooleanSupplier condition = () -> true;

  FakeUsers() {}

  /** Adds or replaces a user. */
  public void add(FakeUser user) {
    byKey.put(user.key(), user);
  }

  /**
   * Adds users whose names are the logins of a simulated Okta org.
   *
   * @param count how many
   */
  public void addMany(int count) {
    for (int i = 0; i < count; i++) {
      String login = "user%06d@example.com".formatted(i);
      add(new FakeUser("JIRAUSER" + (10_000 + i), login, login, "User " + i, true));
    }
  }

  /**
   * Puts a user into a group.
   *
   * @param key the user's key
   * @param group the group's name
   */
  public void join(String key, String group) {
    groups.computeIfAbsent(group, name -> ConcurrentHashMap.newKeySet()).add(key);
  }

  /**
   * Removes a user, as an administrator or a directory does.
   *
   * @param key the user's key
   */
  public void remove(String key) {
    byKey.remove(key);
  }

  @Override
  public boolean groupExists(String groupName) {
    return groups.containsKey(groupName);
  }

  @Override
  public Collection<String> getAllGroupNames() {
    return List.copyOf(groups.keySet());
  }

  boolean isMember(String key, String group) {
    return groups.getOrDefault(group, Set.of()).contains(key);
  }

  /**
   * Makes every look at all users fail.
   *
   * @param error what is thrown; null for none
   */
  public void failWith(RuntimeException error) {
    failure = error;
  }

  /**
   * Hands out all users only where something holds.
   *
   * @param holds asked on the calling thread
   */
  public void requireThat(BooleanSupplier holds) {
    condition = holds;
  }

  @Override
  public Collection<ApplicationUser> getAllApplicationUsers() {
    if (failure != null) {
      throw failure;
    }
    if (!condition.getAsBoolean()) {
      throw new IllegalStateException("the thread is not set up");
    }
    synchronized (byKey) {
      return List.copyOf(byKey.values());
    }
  }

  @Override
  public ApplicationUser getUserByKey(String key) {
    return byKey.get(key);
  }
}
