package com.mumosystems.oktaprofiles.osgi;

import com.atlassian.sal.api.lifecycle.LifecycleAware;
import com.atlassian.secrets.api.plugins.PluginSecretService;
import com.mumosystems.oktaprofiles.fakes.FakeJira;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
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
  private final List<Bundle> others = new ArrayList<>();
  private Bundle bundle;

  OsgiJira(FakeJira jira, Path cache, Path jar) throws BundleException, IOException {
    this(jira, cache, jar, name -> false);
  }

  /** A Jira without some packages or services, by their full names. */
  OsgiJira(FakeJira jira, Path cache, Path jar, Predicate<String> lacks) throws BundleException, IOException {
    this.jira = jira;
    this.jar = jar;
    Map<String, String> configuration = new HashMap<>();
    configuration.put(Constants.FRAMEWORK_STORAGE, cache.toString());
    configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    TreeSet<String> packages = hostPackages();
    if (!jira.services().containsKey(PluginSecretService.class)) {
      // Jira before 12.0 has no such package at all.
      packages.remove(PluginSecretService.class.getPackageName());
    }
    packages.removeIf(lacks);
    configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, exports(packages));
    // Tomcat sets the one factory for URL streams that a JVM can have, in Jira too.
    configuration.put("felix.service.urlhandlers", "false");
    configuration.put("felix.log.level", "1");
    framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(configuration);
    framework.init();
    jira.services().forEach((type, service) -> {
      if (!lacks.test(type.getName()) && !lacks.test(type.getPackageName())) {
        framework.getBundleContext().registerService(type.getName(), service, null);
      }
    });
    framework.start();
  }

  /** Jira exports SLF4J with its version, most other packages without one. */
  private static String exports(Set<String> packages) {
    return packages.stream()
        .map(name -> name.startsWith("org.slf4j") ? name + ";version=1.7.36" : name)
        .collect(Collectors.joining(","));
  }

  /** The packages of Jira and of the servlet API, from the jars on the class path. */
  private static TreeSet<String> hostPackages() throws IOException {
    TreeSet<String> packages = new TreeSet<>();
    for (String entry : System.getProperty("java.class.path").split(":")) {
      if (entry.matches(".*(jira-stubs|tomcat-embed-core|slf4j-api)[^/]*\\.jar")) {
        try (JarFile file = new JarFile(entry)) {
          file.stream()
              .map(item -> item.getName())
              .filter(name -> name.matches("(com/atlassian|org/apache/log4j|org/slf4j|(javax|jakarta)/servlet)/.*\\.class"))
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
    tellStart();
  }

  private List<LifecycleAware> lifecycles() {
    ServiceReference<?>[] references = bundle == null ? null : bundle.getRegisteredServices();
    return references == null
        ? List.of()
        : java.util.Arrays.stream(references)
            .map(reference -> framework.getBundleContext().getService(reference))
            .filter(LifecycleAware.class::isInstance)
            .map(LifecycleAware.class::cast)
            .toList();
  }

  /** Stops the plugin as Jira does: SAL tells it first, while the services are there. */
  void stop() throws BundleException {
    tellStop();
    stopBundle();
  }

  /** SAL's word that the plugin is about to be disabled, or the framework to shut down. */
  void tellStop() {
    lifecycles().forEach(LifecycleAware::onStop);
  }

  /** SAL's word that Jira is up. */
  void tellStart() {
    lifecycles().forEach(LifecycleAware::onStart);
  }

  void stopBundle() throws BundleException {
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

  /** Installs and starts another bundle. */
  void add(Path other) throws BundleException, IOException {
    try (InputStream stream = Files.newInputStream(other)) {
      others.add(framework.getBundleContext().installBundle(other.getFileName().toString(), stream));
    }
  }

  /** Starts what was added. */
  void startOthers() throws BundleException {
    for (Bundle other : others) {
      other.start();
    }
  }

  /** A service of a type that the framework's bundles know, not the test; null if there is none. */
  Object service(String type, String filter) {
    try {
      ServiceReference<?>[] found = framework.getBundleContext().getAllServiceReferences(type, filter);
      return found == null ? null : framework.getBundleContext().getService(found[0]);
    } catch (InvalidSyntaxException e) {
      throw new IllegalArgumentException(filter, e);
    }
  }

  Class<?> classOf(String name) throws ClassNotFoundException {
    return bundle.loadClass(name);
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
