package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.crowd.event.user.UserCreatedEvent;
import com.atlassian.crowd.event.user.UserDeletedEvent;
import com.atlassian.crowd.event.user.UserEditedEvent;
import com.atlassian.crowd.event.user.UserRenamedEvent;
import com.atlassian.crowd.event.user.UsersDeletedEvent;
import com.atlassian.jira.security.groups.GroupManager;
import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.jira.user.util.UserManager;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** All users of the Jira in memory, with their groups. Each change publishes the event that Jira would publish. */
public final class FakeUsers implements UserManager, GroupManager {
  private final Map<String, ApplicationUser> byKey = java.util.Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, Set<String>> groups = new ConcurrentHashMap<>();
  private final AtomicInteger listings = new AtomicInteger();
  private final FakeEvents events;
  private volatile RuntimeException failure;
  private volatile BooleanSupplier condition = () -> true;

  FakeUsers(FakeEvents events) {
    this.events = events;
  }

  /** Adds or replaces a user. */
  public void add(FakeUser user) {
    ApplicationUser before = byKey.put(user.key(), user);
    if (before == null) {
      events.publish(new UserCreatedEvent(user::username));
    } else if (before.getUsername().equals(user.username())) {
      events.publish(new UserEditedEvent(user::username));
    } else {
      events.publish(new UserRenamedEvent(user::username));
    }
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
    ApplicationUser before = byKey.remove(key);
    if (before != null) {
      events.publish(new UserDeletedEvent(before.getUsername()));
    }
  }

  /**
   * Removes users together, as the synchronization of a directory does.
   *
   * @param keys the users' keys
   */
  public void removeTogether(Collection<String> keys) {
    List<String> names = keys.stream().map(byKey::remove).map(ApplicationUser::getUsername).toList();
    events.publish(new UsersDeletedEvent(names));
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

  /**
   * How often all users were asked for.
   *
   * @return the number of calls
   */
  public int listings() {
    return listings.get();
  }

  @Override
  public Collection<ApplicationUser> getAllApplicationUsers() {
    listings.incrementAndGet();
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

  /** As in Jira, upper and lower case are the same. */
  @Override
  public ApplicationUser getUserByName(String userName) {
    synchronized (byKey) {
      return byKey.values().stream()
          .filter(user -> user.getUsername().equalsIgnoreCase(userName))
          .findFirst()
          .orElse(null);
    }
  }
}
