package com.mumosystems.oktaprofiles.jira;

import com.atlassian.sal.api.lifecycle.LifecycleAware;
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
    Plugin plugin = Plugin.start(host);
    LifecycleAware lifecycle =
        new LifecycleAware() {
          @Override
          public void onStart() {
            plugin.hostIsUp();
          }

          @Override
          public void onStop() {
            // The bundle is stopped next, which does everything.
          }
        };
    context.registerService(LifecycleAware.class, lifecycle, null);
  }

  @Override
  public void stop(BundleContext context) {
    Plugin.stop();
    host.close();
  }
}
