package com.atlassian.beehive;

import java.util.concurrent.locks.Lock;

/** A lock across the cluster, owned by a thread. */
public interface ClusterLock extends Lock {
  boolean isHeldByCurrentThread();
}
