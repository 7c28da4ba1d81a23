package com.mumosystems.oktaprofiles.jira;

import com.atlassian.sal.api.lifecycle.LifecycleAware;
import com.mumosystems.oktaprofiles.api.OktaDirectory;
import com.mumosystems.oktaprofiles.jira.api.DirectoryService;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.Optionally;
import com.mumosystems.oktaprofiles.jira.host.OsgiHost;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Starts and stops the plugin together with its bundle, as often as the host requests it.
 *
 * <p>Nothing here may fail or take long, because a bundle that cannot start takes all its modules with it. So the
 * engine is opened later, when the host is up, and the page shows its problems.
 */
public final class PluginActivator implements BundleActivator {
  private OsgiHost host;

  @Override
  public void start(BundleContext context) {
    host = new OsgiHost(context);
    Plugin.start(host);
    Optionally.run(
        "its schedule, because Jira does not report that it is up",
        () -> context.registerService(LifecycleAware.class, new Lifecycle(host), null));
    // The service disappears together with the bundle. A plugin that still holds it gets the message that Okta
    // Profiles is stopped.
    context.registerService(OktaDirectory.class, new DirectoryService(), null);
  }

  /**
   * Only a second chance: normally the host has already called {@link Lifecycle#onStop}, while all its services
   * existed.
   */
  @Override
  public void stop(BundleContext context) {
    Plugin.stop();
    host.close();
  }

  /** Jira calls this when it is up, and again before it takes its services away. */
  private record Lifecycle(Host host) implements LifecycleAware {
    @Override
    public void onStart() {
      Plugin.start(host).hostIsUp();
    }

    @Override
    public void onStop() {
      Plugin.stop();
    }
  }
}
