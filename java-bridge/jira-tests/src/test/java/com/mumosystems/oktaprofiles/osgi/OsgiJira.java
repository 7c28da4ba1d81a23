package com.mumosystems.oktaprofiles.osgi;

import com.atlassian.sal.api.lifecycle.LifecycleAware;
import com.atlassian.secrets.api.plugins.PluginSecretService;
import com.mumosystems.oktaprofiles.fakes.FakeJira;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * A node of Jira as far as plugins see it: Apache Felix, whose system bundle exports the API packages and offers the
 * services, as Jira's own does.
 */
final class OsgiJira implements AutoCloseable {
  final FakeJira jira;
  private final Framework framework;
  private final Path jar;
  private Bundle bundle;

  OsgiJira(FakeJira jira, Path cache, Path jar) throws BundleException, IOException {
    this.jira = jira;
    this.jar = jar;
    Map<String, String> configuration = new HashMap<>();
    configuration.put(Constants.FRAMEWORK_STORAGE, cache.toString());
    configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    TreeSet<String> packages = hostPackages();
    if (!jira.services().containsKey(PluginSecretService.class)) {
      // Jira before 11.4 has no such package at all.
      packages.remove(PluginSecretService.class.getPackageName());
    }
    configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, String.join(",", packages));
    // Tomcat sets the one factory for URL streams that a JVM can have, in Jira too.
    configuration.put("felix.service.urlhandlers", "false");
    configuration.put("felix.log.level", "1");
    framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(configuration);
    framework.init();
    jira.services().forEach(
        (type, service) -> framework.getBundleContext().registerService(type.getName(), service, null));
    framework.start();
  }

  /** The packages of Jira and of the servlet API, from the jars on the class path. */
  private static TreeSet<String> hostPackages() throws IOException {
    TreeSet<String> packages = new TreeSet<>();
    for (String entry : System.getProperty("java.class.path").split(":")) {
      if (entry.matches(".*(jira-stubs|tomcat-embed-core)[^/]*\\.jar")) {
        try (JarFile file = new JarFile(entry)) {
          file.stream()
              .map(item -> item.getName())
              .filter(name -> name.matches("(com/atlassian|(javax|jakarta)/servlet)/.*\\.class"))
              .forEach(name -> packages.add(name.substring(0, name.lastIndexOf('/')).replace('/', '.')));
        }
      }
    }
    if (packages.stream().noneMatch(name -> name.startsWith("com.atlassian."))) {
      throw new IllegalStateException("the class path has no API packages");
    }
    return packages;
  }

  Bundle install() throws BundleException, IOException {
    try (InputStream stream = Files.newInputStream(jar)) {
      bundle = framework.getBundleContext().installBundle("plugin", stream);
      return bundle;
    }
  }

  /** Starts the plugin and tells it that Jira is up, as SAL does. */
  void start() throws BundleException {
    bundle.start();
    jira.i18n().add(loader(), "i18n.okta-profiles", "i18n.okta-profiles-page");
    for (LifecycleAware lifecycle : lifecycles()) {
      lifecycle.onStart();
    }
  }

  private List<LifecycleAware> lifecycles() {
    ServiceReference<?>[] references = bundle.getRegisteredServices();
    return references == null
        ? List.of()
        : java.util.Arrays.stream(references)
            .map(reference -> framework.getBundleContext().getService(reference))
            .filter(LifecycleAware.class::isInstance)
            .map(LifecycleAware.class::cast)
            .toList();
  }

  void stop() throws BundleException {
    jira.i18n().clear();
    bundle.stop();
  }

  void update() throws BundleException, IOException, InterruptedException {
    jira.i18n().clear();
    try (InputStream stream = Files.newInputStream(jar)) {
      bundle.update(stream);
    }
    refresh();
  }

  void uninstall() throws BundleException, InterruptedException {
    jira.i18n().clear();
    bundle.uninstall();
    refresh();
    bundle = null;
  }

  private void refresh() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    framework.adapt(FrameworkWiring.class).refreshBundles(null, event -> {
      if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
        done.countDown();
      }
    });
    if (!done.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("Felix did not refresh");
    }
  }

  /** Whether the plugin runs. */
  boolean isActive() {
    return bundle != null && bundle.getState() == Bundle.ACTIVE;
  }

  /** An object of a class of the plugin, made as Jira makes modules: by the constructor without arguments. */
  <T> T module(Class<T> type, String name) {
    try {
      return type.cast(bundle.loadClass(name).getConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name, e);
    }
  }

  ClassLoader loader() {
    try {
      return bundle.loadClass("com.mumosystems.oktaprofiles.jira.Plugin").getClassLoader();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws BundleException {
    framework.stop();
    try {
      framework.waitForStop(30_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    jira.close();
  }
}
