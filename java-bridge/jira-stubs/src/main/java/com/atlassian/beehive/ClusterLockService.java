package com.atlassian.beehive;

/** Locks across the cluster. */
public interface ClusterLockService {
  ClusterLock getLockForName(String name);
}
