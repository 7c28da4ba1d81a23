package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the bundle, and what its descriptors promise. */
class BundleTest {
  private static final Pattern TEXT_IN_CODE = Pattern.compile("okta-profiles\\.(?:error|callback|panel|jql|message)\\.[a-z-]+");

  private JarFile jar;

  @BeforeEach
  void open() throws IOException {
    jar = new JarFile(System.getProperty("okta.bundle"));
  }

  @AfterEach
  void close() throws IOException {
    jar.close();
  }

  @Test
  void holdsNoClassOfTheHost() {
    List<String> foreign = jar.stream()
        .map(JarEntry::getName)
        .filter(name -> name.endsWith(".class"))
        .filter(name -> !name.startsWith("com/mumosystems/") && !name.startsWith("com/google/gson/"))
        .toList();
    assertEquals(List.of(), foreign);
  }

  @Test
  void isTheBundleThatJiraExpects() throws IOException {
    Attributes manifest = jar.getManifest().getMainAttributes();
    assertEquals("com.mumosystems.okta-profiles", manifest.getValue("Bundle-SymbolicName"));
    assertEquals("com.mumosystems.okta-profiles", manifest.getValue("Atlassian-Plugin-Key"));
    assertTrue(read("atlassian-plugin.xml").contains("key=\"com.mumosystems.okta-profiles\""));
    assertTrue(read("atlassian-plugin.xml").contains("<version>" + manifest.getValue("Bundle-Version") + "</version>"));
    assertEquals("*;timeout:=60", manifest.getValue("Spring-Context"));
    assertEquals("com.mumosystems.oktaprofiles.api;version=\"1.0.0\"", manifest.getValue("Export-Package"));
    assertEquals(null, manifest.getValue("Require-Capability"));
  }

  /** A package too few costs a feature where Jira has it; a mandatory one too many could keep the bundle from resolving. */
  @Test
  void importsWhatItNames() throws IOException {
    String header = jar.getManifest().getMainAttributes().getValue("Import-Package");
    Set<String> imports = new TreeSet<>(Arrays.asList(header.replaceAll("\"[^\"]*\"", "").split(",")));
    Set<String> required = imports.stream()
        .filter(item -> !item.contains("resolution:=optional"))
        .map(item -> item.split(";")[0])
        .collect(Collectors.toCollection(TreeSet::new));
    Set<String> optional = imports.stream()
        .filter(item -> item.contains("resolution:=optional"))
        .map(item -> item.split(";")[0])
        .collect(Collectors.toCollection(TreeSet::new));
    String servlets = System.getProperty("okta.flavour").equals("jira11") ? "jakarta.servlet" : "javax.servlet";
    assertEquals(Set.of("javax.net.ssl", "org.osgi.framework", "org.osgi.util.tracker"), required);
    Set<String> expected = new TreeSet<>(Set.of(
        "com.atlassian.annotations.security", "com.atlassian.beehive",
        "com.atlassian.crowd.event.directory", "com.atlassian.crowd.event.user", "com.atlassian.crowd.model.user",
        "com.atlassian.event.api", "com.atlassian.jira",
        "com.atlassian.jira.bc", "com.atlassian.jira.component", "com.atlassian.jira.mail",
        "com.atlassian.mail", "com.atlassian.mail.queue", "com.atlassian.jira.security.groups", "com.atlassian.jira.task.context",
        "com.atlassian.jira.user.anonymize",
        "com.atlassian.jira.cluster", "com.atlassian.jira.config.util", "com.atlassian.jira.issue",
        "com.atlassian.jira.jql.operand", "com.atlassian.jira.jql.query", "com.atlassian.jira.plugin.jql.function",
        "com.atlassian.jira.plugin.webfragment.model", "com.atlassian.jira.project", "com.atlassian.jira.user",
        "com.atlassian.jira.user.util", "com.atlassian.jira.util", "com.atlassian.jira.util.thread",
        "com.atlassian.plugin", "com.atlassian.plugin.event", "com.atlassian.plugin.event.events",
        "com.atlassian.plugin.web", "com.atlassian.plugin.web.api.model", "com.atlassian.query.clause", "com.atlassian.query.operand",
        "com.atlassian.sal.api", "com.atlassian.sal.api.auth", "com.atlassian.sal.api.lifecycle",
        "com.atlassian.sal.api.message", "com.atlassian.sal.api.pluginsettings", "com.atlassian.sal.api.user",
        "com.atlassian.sal.api.websudo", "com.atlassian.sal.api.xsrf", "com.atlassian.scheduler",
        "com.atlassian.scheduler.config", "com.atlassian.scheduler.status", "com.atlassian.secrets.api.plugins",
        "com.atlassian.webresource.api.assembler"));
    expected.addAll(Set.of("javax.management", "org.apache.log4j", "org.slf4j", servlets, servlets + ".http"));
    assertEquals(expected, optional);
  }

  @Test
  void everyClassAndFileOfTheDescriptorExists() throws IOException {
    String descriptor = read("atlassian-plugin.xml");
    List<String> classes = found(Pattern.compile("class=\"([^\"]+)\""), descriptor);
    assertFalse(classes.isEmpty());
    classes.forEach(name -> assertTrue(jar.getEntry(name.replace('.', '/') + ".class") != null, name));
    List<String> files = found(Pattern.compile("<resource type=\"download\"[^>]* location=\"/([^\"]+)\""), descriptor);
    assertFalse(files.isEmpty());
    files.forEach(name -> assertTrue(jar.getEntry(name) != null, name));
    found(Pattern.compile("type=\"i18n\"[^>]* location=\"([^\"]+)\""), descriptor)
        .forEach(name -> assertTrue(jar.getEntry(name.replace('.', '/') + ".properties") != null, name));
    assertTrue(descriptor.contains("<param name=\"atlassian-data-center-status\">compatible</param>"));
    assertTrue(descriptor.contains("<param name=\"atlassian-data-center-compatible\">true</param>"));
  }

  @Test
  void everyTextExists() throws IOException {
    Set<String> texts = new TreeSet<>();
    for (String name : List.of("okta-profiles", "okta-profiles-page")) {
      Properties properties = new Properties();
      properties.load(new StringReader(read("i18n/" + name + ".properties")));
      properties.stringPropertyNames().forEach(key -> assertTrue(texts.add(key), key + " is there twice"));
    }
    Set<String> used = new TreeSet<>(found(Pattern.compile(" key=\"(okta-profiles\\.[^\"]+)\""), read("atlassian-plugin.xml")));
    for (String page : List.of("admin/admin.html", "admin/message.html")) {
      used.addAll(found(Pattern.compile("\\{\\{i18n:([^}]+)}}"), read(page)));
    }
    for (JarEntry entry : jar.stream().filter(item -> item.getName().startsWith("com/mumosystems/")).toList()) {
      TEXT_IN_CODE.matcher(new String(bytes(entry.getName()), StandardCharsets.ISO_8859_1))
          .results()
          .map(MatchResult::group)
          .forEach(used::add);
    }
    assertTrue(used.size() > 20, "the patterns find too little");
    used.removeAll(texts);
    assertEquals(Set.of(), used);
  }

  /** Jira's pages have a Content-Security-Policy; the page must not depend on its weaknesses. */
  @Test
  void pagesHaveNoInlineScript() throws IOException {
    for (String page : List.of("admin/admin.html", "admin/message.html")) {
      assertEquals(List.of(), found(Pattern.compile("(<script(?![^>]* src=)[^>]*>)"), read(page)));
      assertEquals(List.of(), found(Pattern.compile("(\\son[a-z]+=)"), read(page)));
    }
  }

  @Test
  void servletsSayWhoMayUseThem() throws IOException {
    for (String name : List.of("AdminServlet", "CallbackServlet")) {
      byte[] code = bytes("com/mumosystems/oktaprofiles/jira/web/" + name + ".class");
      assertTrue(new String(code, StandardCharsets.ISO_8859_1)
          .contains("Lcom/atlassian/annotations/security/SystemAdminOnly;"), name);
    }
  }

  @Test
  void everyProcessorHasItsLibrary() {
    Set<String> expected = new TreeSet<>(Set.of("native/linux-x86_64/libokta_profiles.so"));
    if (!System.getProperty("okta.aarch64").isEmpty()) {
      expected.add("native/linux-aarch64/libokta_profiles.so");
    }
    assertEquals(expected, new TreeSet<>(libraries()));
  }

  private List<String> libraries() {
    return jar.stream().map(JarEntry::getName).filter(name -> name.endsWith(".so")).toList();
  }

  @Test
  void everyNativeLibraryIsTheRecordedOne() throws Exception {
    for (String library : libraries()) {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes(library));
      assertEquals(HexFormat.of().formatHex(digest), read(library + ".sha256").strip());
    }
  }

  /** The file header says which processor a library is for: e_machine, 62 for x86-64 and 183 for AArch64. */
  @Test
  void everyNativeLibraryIsForTheProcessorOfItsFolder() throws IOException {
    for (String library : libraries()) {
      assertEquals(library.contains("aarch64") ? 183 : 62, bytes(library)[18] & 0xff, library);
    }
  }

  /** RHEL 7 and everything later has glibc 2.17. */
  @Test
  void noNativeLibraryNeedsANewGlibc(@TempDir Path folder) throws Exception {
    for (String library : libraries()) {
      Path file = Files.write(folder.resolve("library.so"), bytes(library));
      Process readelf = new ProcessBuilder("readelf", "-W", "-V", file.toString()).redirectErrorStream(true).start();
      String symbols = new String(readelf.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, readelf.waitFor(), symbols);
      List<String> versions = found(Pattern.compile("GLIBC_([0-9.]+)"), symbols);
      assertFalse(versions.isEmpty(), "readelf shows no versions");
      List<String> newer = versions.stream().distinct().filter(BundleTest::isNewerThan217).toList();
      assertEquals(List.of(), newer, library);
    }
  }

  private static boolean isNewerThan217(String version) {
    String[] parts = version.split("\\.");
    return Integer.parseInt(parts[0]) > 2 || Integer.parseInt(parts[1]) > 17;
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private String read(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private byte[] bytes(String name) throws IOException {
    JarEntry entry = jar.getJarEntry(name);
    assertTrue(entry != null, name + " is missing");
    try (InputStream stream = jar.getInputStream(entry)) {
      return stream.readAllBytes();
    }
  }
}
