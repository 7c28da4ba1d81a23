package com.mumosystems.oktaprofiles.osgi;

import com.mumosystems.oktaprofiles.fakes.FakeJira;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.osgi.framework.BundleException;

/** One node of Jira in this JVM, with the plugin installed and an administrator signed in. */
final class PluginFixture implements AutoCloseable {
  final FakeJira jira;
  final OsgiJira osgi;
  final ServletContainer container;
  final PageClient page;

  PluginFixture(Path work, boolean clustered) throws Exception {
    jira = new FakeJira("node1", work.resolve("local"), work.resolve("shared"), clustered);
    jira.session().makeAdministrator("admin");
    jira.session().signIn("admin");
    osgi = new OsgiJira(jira, work.resolve("felix"), Path.of(System.getProperty("okta.bundle")));
    container = new ServletContainer(osgi, work.resolve("tomcat"));
    page = new PageClient(container.url());
    osgi.install();
    osgi.start();
  }

  /** Connects with the token of an org. */
  void connect(SimulatedOrg org) throws Exception {
    page.post("api/connection/token", "{\"orgUrl\":\"" + org.url() + "\",\"apiToken\":\"" + org.token() + "\"}");
  }

  @Override
  public void close() throws BundleException, LifecycleException {
    container.close();
    osgi.stop();
    osgi.close();
  }
}
