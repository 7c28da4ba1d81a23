package com.mumosystems.oktaprofiles.jira.host;

import com.atlassian.jira.cluster.ClusterManager;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The services of Jira that OSGi publishes, those of Jira itself and of SAL.
 *
 * <p>There is a tracker for each type, because a service may be replaced while Jira runs (SAL itself is a plugin).
 */
public final class OsgiHost implements Host, AutoCloseable {
  private static final String SINGLE = "single";

  private final BundleContext context;
  private final Map<Class<?>, ServiceTracker<?, ?>> trackers = new ConcurrentHashMap<>();

  /**
   * Starts without trackers.
   *
   * @param context the context of the plugin's bundle
   */
  public OsgiHost(BundleContext context) {
    this.context = context;
  }

  @Override
  public <T> Optional<T> find(Class<T> type) {
    return Optional.ofNullable(type.cast(trackers.computeIfAbsent(type, this::open).getService()));
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

  // These are lambdas, because a method reference would be linked to ClusterInfo, which declares the methods.
  @Override
  public String nodeId() {
    return Optionally.get(
        "the name of this node", SINGLE, () -> Objects.requireNonNullElse(require(ClusterManager.class).getNodeId(), SINGLE));
  }

  @Override
  public boolean clustered() {
    return Optionally.get(
        "giving the directory to other nodes", false, () -> require(ClusterManager.class).isClustered());
  }

  /** Releases every service. */
  @Override
  public void close() {
    trackers.values().forEach(ServiceTracker::close);
    trackers.clear();
  }
}
