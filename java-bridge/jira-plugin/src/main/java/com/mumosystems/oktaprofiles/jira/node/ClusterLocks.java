package com.mumosystems.oktaprofiles.jira.node;

import com.atlassian.beehive.ClusterLock;
import com.atlassian.beehive.ClusterLockService;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.MissingService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Runs work that only one thread of the whole cluster may do at a time. */
public final class ClusterLocks {
  private ClusterLocks() {}

  /**
   * Runs work while the calling thread holds a lock.
   *
   * @param <T> the type of the result
   * @param host the services of Jira
   * @param name the name of the lock
   * @param patience how long to wait for the lock
   * @param busy the message if the lock stays taken that long
   * @return the result of the work
   * @throws OktaProfilesException with {@link ErrorCode#BUSY} if another thread or node keeps the lock
   */
  public static <T> T hold(Host host, String name, Duration patience, Supplier<String> busy, Supplier<T> work) {
    ClusterLock lock = lock(host, name);
    try {
      if (!lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new OktaProfilesException(ErrorCode.BUSY, busy.get(), null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OktaProfilesException(ErrorCode.CANCELLED, "The call was interrupted.", e);
    }
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private static ClusterLock lock(Host host, String name) {
    try {
      return host.require(ClusterLockService.class).getLockForName(name);
    } catch (LinkageError e) {
      throw MissingService.of(e);
    }
  }
}
