package com.mumosystems.oktaprofiles.osgi;

import com.mumosystems.oktaprofiles.fakes.FakeJira;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Installs, starts, stops, starts, updates and uninstalls the plugin many times in one JVM, using it in between,
 * and counts what is left: threads, descriptors, copies of the native library, class loaders. Ends by returning
 * from main: a thread that is no daemon would keep the JVM.
 *
 * <p>Arguments: bundle, work folder, loops, Jira users of the last loop, URL of the org, token.
 */
public final class LifecycleProgram {
  private static final String LIBRARY = "libokta_profiles";
  private static final int FEW = 1_000;

  private final OsgiJira osgi;
  private final PageClient page;
  private final String connect;
  private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

  private LifecycleProgram(OsgiJira osgi, PageClient page, String connect) {
    this.osgi = osgi;
    this.page = page;
    this.connect = connect;
  }

  /**
   * Runs.
   *
   * @param arguments see the class
   * @throws Exception if anything is left over
   */
  public static void main(String[] arguments) throws Exception {
    Path work = Path.of(arguments[1]);
    int loops = Integer.parseInt(arguments[2]);
    FakeJira jira = new FakeJira("node1", work.resolve("local"), work.resolve("shared"), false);
    jira.users().addMany(FEW);
    jira.session().makeAdministrator("admin");
    jira.session().signIn("admin");
    String connect = "{\"orgUrl\":\"" + arguments[4] + "\",\"apiToken\":\"" + arguments[5] + "\"}";
    try (OsgiJira osgi = new OsgiJira(jira, work.resolve("felix"), Path.of(arguments[0]));
        ServletContainer container = new ServletContainer(osgi, work.resolve("tomcat"))) {
      new LifecycleProgram(osgi, new PageClient(container.url()), connect)
          .run(loops, Integer.parseInt(arguments[3]));
    }
    System.out.println("returning from main");
  }

  private void run(int loops, int jiraUsers) throws Exception {
    loop(); // Fills every cache of the JVM, Felix and Tomcat.
    Set<String> threads = threads();
    long descriptors = descriptors();
    for (int i = 1; i < loops; i++) {
      if (i == loops - 1) {
        osgi.jira.users().addMany(jiraUsers);
      }
      loop();
      expect("threads of the plugin after loop " + i, extra(threads), 0, 0);
    }
    expect("descriptors", descriptors() - descriptors, -1000, 3);
    expect("listeners to events", osgi.jira.events().listeners(), 0, 0);
    expect("job runners", osgi.jira.scheduler().runners(), 0, 0);
    awaitCollection();
    expect("class loaders alive", alive(), 0, 0);
    // Each class loader loads one copy, which stays mapped on purpose; starting again loads none.
    expect("mapped copies", mappedCopies(), 1, loaders.size());
    expect("copies left on the disk", copiesOnDisk(), 0, 0);
  }

  private void loop() throws Exception {
    osgi.install();
    osgi.start();
    use();
    osgi.stop();
    osgi.start();
    use();
    loaders.add(new WeakReference<>(osgi.loader()));
    osgi.update();
    use();
    loaders.add(new WeakReference<>(osgi.loader()));
    long began = System.nanoTime();
    osgi.stop();
    expect("milliseconds to stop", (System.nanoTime() - began) / 1_000_000, 0, 10_000);
    osgi.uninstall();
  }

  /** What an administrator does: connect, synchronize, look. */
  private void use() throws Exception {
    page.post("api/connection/token", connect);
    // Its thread goes on until the plugin stops.
    page.post("api/settings", "{\"live\":{\"source\":\"log\"}}");
    page.sync("{}");
    int rows = page.get("api/directory?view=matched&limit=20").getAsJsonArray("rows").size();
    expect("matched users on a page", rows, 1, 20);
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static long extra(Set<String> before) throws InterruptedException {
    Set<String> extra = threads();
    for (int i = 0; i < 50 && !ours(extra, before).isEmpty(); i++) {
      Thread.sleep(20);
      extra = threads();
    }
    Set<String> ours = ours(extra, before);
    ours.forEach(name -> System.out.println("left over: " + name));
    return ours.size();
  }

  /** Tomcat makes workers as it likes; everything else is ours. */
  private static Set<String> ours(Set<String> now, Set<String> before) {
    return now.stream()
        .filter(name -> !before.contains(name) && !name.startsWith("http-nio") && !name.startsWith("Catalina"))
        .collect(Collectors.toSet());
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private static long mappedCopies() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains(LIBRARY))
        .map(line -> line.substring(line.indexOf('/')))
        .distinct()
        .count();
  }

  private long copiesOnDisk() throws IOException {
    Path work = Path.of(osgi.jira.localHome().toString(), "okta-profiles", "native");
    try (Stream<Path> files = Files.list(work)) {
      return files.filter(file -> file.getFileName().toString().startsWith(LIBRARY)).count();
    }
  }

  private long alive() {
    return loaders.stream().filter(loader -> loader.get() != null).count();
  }

  private void awaitCollection() throws InterruptedException {
    for (int i = 0; i < 100 && alive() > 0; i++) {
      System.gc();
      Thread.sleep(50);
    }
  }

  private static void expect(String what, long value, long min, long max) {
    System.out.println(what + ": " + value);
    if (value < min || value > max) {
      throw new IllegalStateException(what + " is " + value + ", expected " + min + " to " + max);
    }
  }
}
