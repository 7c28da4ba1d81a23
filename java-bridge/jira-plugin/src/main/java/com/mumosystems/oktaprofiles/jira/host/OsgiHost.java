package com.mumosystems.oktaprofiles.jira.host;

import com.atlassian.jira.cluster.ClusterManager;
import java.util.Map;
import java.util.Objects;
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
  private static final String SINGLE = "single";

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

  // Lambdas and no method references: those would be linked to ClusterInfo, where the methods come from.
  @Override
  public String nodeId() {
    return Optionally.get(
        "the name of this node", SINGLE, () -> Objects.requireNonNullElse(require(ClusterManager.class).getNodeId(), SINGLE));
  }

  @Override
  public boolean clustered() {
    return Optionally.get(
        "handing the directory to other nodes", false, () -> require(ClusterManager.class).isClustered());
  }

  /** Lets go of every service. */
  @Override
  public void close() {
    trackers.values().forEach(ServiceTracker::close);
    trackers.clear();
  }
}
