package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mumosystems.oktaprofiles.fakes.FakeJira;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plugin under Gemini Blueprint, of which Jira's own extender is a descendant: Jira takes a plugin for enabled
 * once its Spring context is there, and lets that context make the classes of its modules.
 */
class ContainerTest {
  private static final Pattern SPRING = Pattern.compile(".*/(gemini-blueprint|org\\.apache\\.servicemix|jcl-over)[^/]*\\.jar");
  private static final String CONTEXT = "org.springframework.context.ApplicationContext";
  private static final String OURS = "(org.springframework.context.service.name=com.mumosystems.okta-profiles)";
  /** Spring's AutowireCapableBeanFactory.AUTOWIRE_CONSTRUCTOR, which Jira passes. */
  private static final int BY_CONSTRUCTOR = 3;
  private static final int RESTARTS = 3;
  /** Gemini ends a context on a thread of its own; a bundle that starts meanwhile meets a closed resolver. */
  private static final long PAUSE_MILLIS = 1_000;

  /** Held, since loggers are kept by weak references only. */
  private static final Logger GEMINI = Logger.getLogger("org.eclipse.gemini");

  @TempDir Path work;

  /** Should Spring ever ask the net for a schema, it is to fail at once. */
  @BeforeEach
  void cutTheNet() {
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", "9");
    GEMINI.setLevel(Level.SEVERE);
  }

  @AfterEach
  void mendTheNet() {
    System.clearProperty("http.proxyHost");
    System.clearProperty("http.proxyPort");
  }

  @Test
  void itEnablesThePluginAndMakesEveryModule() throws Exception {
    FakeJira jira = new FakeJira("node1", work.resolve("local"), work.resolve("shared"), false);
    try (OsgiJira osgi = new OsgiJira(jira, work.resolve("felix"), Path.of(System.getProperty("okta.bundle")))) {
      for (String entry : System.getProperty("java.class.path").split(":")) {
        if (SPRING.matcher(entry).matches()) {
          osgi.add(Path.of(entry));
        }
      }
      osgi.startOthers();
      osgi.install();
      for (int i = 0; i <= RESTARTS; i++) {
        osgi.start();
        makeModules(osgi, awaitContext(osgi));
        osgi.stop();
        assertEquals(null, osgi.service(CONTEXT, OURS), "the context outlives the plugin");
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  private static Object awaitContext(OsgiJira osgi) throws InterruptedException {
    for (int i = 0; i < 600; i++) {
      Object context = osgi.service(CONTEXT, OURS);
      if (context != null) {
        return context;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("no Spring context: Jira would not enable the plugin");
  }

  private static void makeModules(OsgiJira osgi, Object context) throws Exception {
    Object factory = context.getClass().getMethod("getAutowireCapableBeanFactory").invoke(context);
    var create = factory.getClass().getMethod("createBean", Class.class, int.class, boolean.class);
    List<String> names = moduleClasses();
    assertTrue(names.size() > 5, "too few modules: " + names);
    for (String name : names) {
      assertNotNull(create.invoke(factory, osgi.classOf(name), BY_CONSTRUCTOR, false), name);
    }
  }

  /** Every class that the descriptor names. */
  static List<String> moduleClasses() throws Exception {
    try (JarFile jar = new JarFile(System.getProperty("okta.bundle"))) {
      byte[] xml = jar.getInputStream(jar.getEntry("atlassian-plugin.xml")).readAllBytes();
      Stream<String> classes = Pattern.compile("class=\"([^\"]+)\"")
          .matcher(new String(xml, StandardCharsets.UTF_8))
          .results()
          .map(match -> match.group(1));
      return List.copyOf(classes.collect(Collectors.toCollection(TreeSet::new)));
    }
  }
}
