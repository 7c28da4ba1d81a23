package com.mumosystems.oktaprofiles.jira.host;

import com.atlassian.jira.cluster.ClusterManager;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The services of Jira as OSGi publishes them: components of Jira and of SAL alike.
 *
 * <p>A tracker for each type follows services that are replaced while Jira runs (SAL itself is a plugin).
 */
public final class OsgiHost implements Host, AutoCloseable {
  private final BundleContext context;
  private final Map<Class<?>, ServiceTracker<?, ?>> trackers = new ConcurrentHashMap<>();

  /**
   * Begins with no tracker.
   *
   * @param context of the plugin's bundle
   */
  public OsgiHost(BundleContext context) {
    this.context = context;
  }

  @Override
  public <T> Optional<T> find(Class<T> type) {
    Object service;
    try {
      service = trackers.computeIfAbsent(type, this::open).getService();
    } catch (LinkageError e) {
      // An optional package of a newer Jira.
      return Optional.empty();
    }
    return Optional.ofNullable(type.cast(service));
  }

  private ServiceTracker<?, ?> open(Class<?> type) {
    ServiceTracker<?, ?> tracker = new ServiceTracker<>(context, type, null);
    tracker.open();
    return tracker;
  }

  @Override
  public String version() {
    return context.getBundle().getVersion().toString();
  }

  @Override
  public String nodeId() {
    return find(ClusterManager.class).map(ClusterManager::getNodeId).orElse("single");
  }

  @Override
  public boolean clustered() {
    return find(ClusterManager.class).map(ClusterManager::isClustered).orElse(false);
  }

  /** Lets go of every service. */
  @Override
  public void close() {
    trackers.values().forEach(ServiceTracker::close);
    trackers.clear();
  }
}
