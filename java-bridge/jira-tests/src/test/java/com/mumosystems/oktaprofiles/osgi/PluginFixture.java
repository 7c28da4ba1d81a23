package com.mumosystems.oktaprofiles.osgi;

import com.mumosystems.oktaprofiles.fakes.FakeJira;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.catalina.LifecycleException;
import org.osgi.framework.BundleException;

/** One node of Jira in this JVM, with the plugin installed and an administrator signed in. */
final class PluginFixture implements AutoCloseable {
  final FakeJira jira;
  final OsgiJira osgi;
  final ServletContainer container;
  final PageClient page;

  PluginFixture(Path work) throws Exception {
    this(work, null);
  }

  /** Secrets: what Jira's secret service keeps; null for a Jira without one. */
  PluginFixture(Path work, Map<String, String> secrets) throws Exception {
    this(work, "node1", secrets, name -> false);
  }

  /** A node of a cluster whose other nodes are away. */
  static PluginFixture clustered(Path work) throws Exception {
    return clustered(work, "node1");
  }

  /** A node of a cluster whose other nodes are fixtures of the same folder. */
  static PluginFixture clustered(Path work, String node) throws Exception {
    return new PluginFixture(work, node, null, name -> false, true);
  }

  /** A node of that name with a local home of its own, which lacks some packages or services of Jira. */
  PluginFixture(Path work, String node, Map<String, String> secrets, Predicate<String> lacks) throws Exception {
    this(work, node, secrets, lacks, false);
  }

  private PluginFixture(
      Path work, String node, Map<String, String> secrets, Predicate<String> lacks, boolean clustered) throws Exception {
    Path own = work.resolve(node);
    jira = new FakeJira(node, own.resolve("local"), work.resolve("shared"), clustered);
    if (secrets != null) {
      jira.keepSecretsIn(secrets);
    }
    jira.session().makeAdministrator("admin");
    jira.session().signIn("admin");
    osgi = new OsgiJira(jira, own.resolve("felix"), Path.of(System.getProperty("okta.bundle")), lacks);
    container = new ServletContainer(osgi, own.resolve("tomcat"));
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
