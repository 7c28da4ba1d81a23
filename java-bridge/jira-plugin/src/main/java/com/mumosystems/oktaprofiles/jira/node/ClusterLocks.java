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

/** Work that only one thread of the whole cluster does at a time. */
public final class ClusterLocks {
  private ClusterLocks() {}

  /**
   * Works while the calling thread holds a lock.
   *
   * @param <T> what the work gives
   * @param host the services of Jira
   * @param name the lock
   * @param patience how long to wait for it
   * @param busy what to say if somebody else holds it all that time
   * @return what the work gives
   * @throws OktaProfilesException with {@link ErrorCode#BUSY} if somebody else holds it
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
