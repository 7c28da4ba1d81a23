package com.mumosystems.oktaprofiles.jira.host;

import com.atlassian.crowd.event.directory.DirectoryDeletedEvent;
import com.atlassian.crowd.event.user.AutoUserUpdatedEvent;
import com.atlassian.crowd.event.user.UserCreatedEvent;
import com.atlassian.crowd.event.user.UserDeletedEvent;
import com.atlassian.crowd.event.user.UserEditedEvent;
import com.atlassian.crowd.event.user.UserRenamedEvent;
import com.atlassian.crowd.event.user.UsersDeletedEvent;
import com.atlassian.event.api.EventListener;
import com.atlassian.event.api.EventPublisher;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Listens to what happens to users of Jira on this node. Jira calls the methods on the thread that changes the user,
 * such as that of a sign-in. So they only pass names on, and they never fail.
 *
 * <p>There is no method for UserUpdatedEvent, the parent of some of these events. Its other children, such as the
 * stored time of a sign-in, come very often and change nothing that matching uses.
 */
public final class UserEvents {
  private static final System.Logger LOG = JiraLog.of(UserEvents.class);

  private final Consumer<String> changed;
  private final Runnable missed;

  private UserEvents(Consumer<String> changed, Runnable missed) {
    this.changed = changed;
    this.missed = missed;
  }

  /**
   * Starts listening.
   *
   * @param host the services of Jira
   * @param changed gets the name of each user who came, changed or went; must return at once
   * @param missed called if users changed and their names are not known
   * @return ends the listening; without that the host would keep the plugin's classes alive
   */
  public static Runnable listen(Host host, Consumer<String> changed, Runnable missed) {
    UserEvents listener = new UserEvents(changed, missed);
    host.require(EventPublisher.class).register(listener);
    return () -> host.require(EventPublisher.class).unregister(listener);
  }

  /** Jira calls this; also for a user whom the synchronization of a directory or a sign-in created. */
  @EventListener
  public void onCreated(UserCreatedEvent event) {
    pass(() -> List.of(event.getUser().getName()));
  }

  /** Jira calls this for another address, display name or state. */
  @EventListener
  public void onEdited(UserEditedEvent event) {
    pass(() -> List.of(event.getUser().getName()));
  }

  /** Jira calls this if a sign-in brought other data of the user. */
  @EventListener
  public void onUpdatedBySignIn(AutoUserUpdatedEvent event) {
    pass(() -> List.of(event.getUser().getName()));
  }

  /** Jira calls this. The new name leads to the user's key, so the name before is not needed. */
  @EventListener
  public void onRenamed(UserRenamedEvent event) {
    pass(() -> List.of(event.getUser().getName()));
  }

  /** Jira calls this. */
  @EventListener
  public void onDeleted(UserDeletedEvent event) {
    pass(() -> List.of(event.getUsername()));
  }

  /** Jira calls this if the synchronization of a directory deleted users. */
  @EventListener
  public void onManyDeleted(UsersDeletedEvent event) {
    pass(event::getUsernames);
  }

  /** Jira calls this if a directory was removed, with all its users. */
  @EventListener
  public void onDirectoryDeleted(DirectoryDeletedEvent event) {
    missed.run();
  }

  private void pass(Supplier<Collection<String>> names) {
    try {
      names.get().forEach(changed);
    } catch (RuntimeException | LinkageError e) {
      // A class of this Jira looks different from what we know.
      LOG.log(Level.DEBUG, "An event of a user cannot be read: {0}", e.toString());
      missed.run();
    }
  }
}
