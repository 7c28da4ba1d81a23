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
 * Starts and stops the plugin with its bundle, as often as the host likes.
 *
 * <p>Nothing here may fail or take long: a bundle that cannot start takes all its modules with it. The engine is
 * opened after the host is up; what is wrong with it is told by the page.
 */
public final class PluginActivator implements BundleActivator {
  private OsgiHost host;

  @Override
  public void start(BundleContext context) {
    host = new OsgiHost(context);
    Plugin.start(host);
    Optionally.run(
        "its schedule, since it is not told that Jira is up",
        () -> context.registerService(LifecycleAware.class, new Lifecycle(host), null));
    // Gone with the bundle: whoever holds it then is told that the plugin is stopped.
    context.registerService(OktaDirectory.class, new DirectoryService(), null);
  }

  /** The backstop: the host has called {@link Lifecycle#onStop} before, while it still had all its services. */
  @Override
  public void stop(BundleContext context) {
    Plugin.stop();
    host.close();
  }

  /** Jira's word that it is up, and that it is about to take its services away. */
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
