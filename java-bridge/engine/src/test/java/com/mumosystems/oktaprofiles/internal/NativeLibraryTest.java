package com.mumosystems.oktaprofiles.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loading, each case in a class loader or a JVM of its own, since a loader loads once. */
class NativeLibraryTest {
  private static final String LIBRARY = "native/linux-x86_64/libokta_profiles.so";

  @TempDir Path folder;

  /** Runs {@link ChildProgram} in a new JVM and gives what it printed. */
  private String child(List<String> options, String... arguments) throws IOException, InterruptedException {
    return child(List.of(), options, arguments);
  }

  /** The same, started by the command {@code starter}. */
  private String child(List<String> starter, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(starter);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xcheck:jni");
    command.add("-Dokta.sim=" + System.getProperty("okta.sim"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildProgram.class.getName()));
    command.addAll(Arrays.asList(arguments));
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the JVM did not end by returning from main");
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  @Test
  void aJvmThatSynchronizedEndsByReturningFromMainWithoutAWarning() throws Exception {
    Path natives = folder.resolve("natives");
    String output = child(List.of("-Dokta.profiles.native.dir=" + natives), "sync", folder.toString());
    assertTrue(output.contains("synchronized 3000"), output);
    assertFalse(output.contains("WARNING"), output);
    assertFalse(output.contains("FATAL"), output);
    try (Stream<Path> left = Files.list(natives)) {
      assertEquals(List.of(), left.toList(), "the copy is unlinked once it is loaded");
    }
  }

  @Test
  void aMissingLibraryIsSaidClearly() throws Exception {
    String missing = folder.resolve("missing.so").toString();
    String output = child(List.of("-Dokta.profiles.native.path=" + missing), "open", folder.toString());
    assertTrue(output.contains("NATIVE_LIBRARY_UNAVAILABLE: There is no native library at " + missing), output);
  }

  @Test
  void aFileForAnotherProcessorOrNoLibraryAtAllIsSaidClearly() throws Exception {
    Path wrong = folder.resolve("wrong.so");
    // The real library, said to be for AArch64 (machine 183).
    byte[] elf = Files.readAllBytes(productionClasses().resolve(LIBRARY));
    elf[18] = (byte) 183;
    Files.write(wrong, elf);
    String output = child(List.of("-Dokta.profiles.native.path=" + wrong), "open", folder.toString());
    assertTrue(output.contains("NATIVE_LIBRARY_UNAVAILABLE: The native library is for another"), output);
    Files.writeString(wrong, "not a library ".repeat(1_000));
    output = child(List.of("-Dokta.profiles.native.path=" + wrong), "open", folder.toString());
    assertTrue(output.contains("for another kind of processor"), output);
  }

  @Test
  void aFolderFromWhichNothingMayBeExecutedIsSaidClearly() throws Exception {
    Path mounted = mountedNoexec();
    Path natives = mounted == null
        ? Files.createDirectory(folder.resolve("mount"))
        : Files.createTempDirectory(mounted, "okta-profiles-test");
    List<String> starter = mounted == null ? withNoexecMount(natives) : List.of();
    String output = child(starter, List.of("-Dokta.profiles.native.dir=" + natives), "open", folder.toString());
    Files.delete(natives);
    assertTrue(output.contains("NATIVE_LIBRARY_UNAVAILABLE: Nothing can be executed from " + natives), output);
    assertTrue(output.contains("okta.profiles.native.dir"), output);
  }

  @Test
  void aFolderThatCannotBeWrittenToIsNamedWithItsCause() throws Exception {
    Path natives = Files.createFile(folder.resolve("file")).resolve("natives");
    String output = child(List.of("-Dokta.profiles.native.dir=" + natives), "open", folder.toString());
    String message = "The native library cannot be written to " + natives + " (Not a directory); choose another";
    assertTrue(output.contains(message), output);
  }

  /** A writable folder on a mount of this system from which nothing may be executed, or null. */
  private static Path mountedNoexec() throws IOException {
    for (String mount : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      String[] fields = mount.split(" ");
      boolean noexec = fields[2].equals("tmpfs") && List.of(fields[3].split(",")).contains("noexec");
      if (noexec && Files.isWritable(Path.of(fields[1]))) {
        return Path.of(fields[1]);
      }
    }
    return null;
  }

  /** Starts a command in a mount namespace of its own, in which {@code mount} is mounted noexec. */
  private static List<String> withNoexecMount(Path mount) throws IOException, InterruptedException {
    List<List<String>> ways =
        List.of(List.of("unshare", "-Urm"), List.of("unshare", "-m"), List.of("sudo", "-n", "unshare", "-m"));
    StringBuilder refusals = new StringBuilder();
    for (List<String> way : ways) {
      List<String> starter = new ArrayList<>(way);
      starter.addAll(
          List.of("sh", "-c", "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"", mount.toString()));
      List<String> trial = new ArrayList<>(starter);
      trial.add("true");
      try {
        Process process = new ProcessBuilder(trial).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() == 0) {
          return starter;
        }
        refusals.append(way).append(": ").append(said);
      } catch (IOException e) {
        refusals.append(e.getMessage()).append('\n');
      }
    }
    throw new AssertionError("This test mounts a folder noexec: allow user namespaces or sudo.\n" + refusals);
  }

  /** Libraries built for musl name their C library libc.so, on Alpine libc.musl-x86_64.so.1. */
  @ParameterizedTest
  @ValueSource(strings = {"libc.so", "libc.musl-x86_64.so.1"})
  void aLibraryOfAnotherLibcIsSaidClearly(String libc) throws Exception {
    Path other = compile("libc-stub.so", "char *getenv(const char *name) { return 0; }\n", "-Wl,-soname," + libc);
    String source = "char *getenv(const char *); char *okp_other(void) { return getenv(\"HOME\"); }\n";
    String output = openWith(compile("library.so", source, other.toString()));
    assertTrue(output.contains("NATIVE_LIBRARY_UNAVAILABLE"), output);
    assertTrue(output.contains("another C library"), output);
  }

  @Test
  void aLibraryOfSomebodyElseIsSaidClearly() throws Exception {
    String output = openWith(compile("library.so", "int somebody_else(void) { return 1; }\n"));
    assertTrue(output.contains("NATIVE_LIBRARY_UNAVAILABLE"), output);
    assertTrue(output.contains("is not that of okta-profiles"), output);
  }

  private String openWith(Path library) throws IOException, InterruptedException {
    return child(List.of("-Dokta.profiles.native.path=" + library), "open", folder.toString());
  }

  /** A shared library without this system's C library, linked with what {@code more} names. */
  private Path compile(String name, String text, String... more) throws IOException, InterruptedException {
    Path source = Files.writeString(folder.resolve("library.c"), text);
    Path library = folder.resolve(name);
    List<String> command = new ArrayList<>(
        List.of("gcc", "-shared", "-fPIC", "-nostdlib", "-o", library.toString(), source.toString()));
    command.addAll(Arrays.asList(more));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    return library;
  }

  @Test
  void theLinkersWordsAreExplained() {
    Path file = folder;
    Map<String, String> cases =
        Map.of(
            "/lib/libc.so.6: version `GLIBC_2.99' not found", "newer C library",
            "failed to map segment from shared object", "noexec",
            "ld-linux-x86-64.so.2: cannot open shared object file", "another C library");
    cases.forEach((said, meant) -> assertTrue(NativeLibrary.explain(said, file).contains(meant), said));
  }

  @Test
  void aDamagedLibraryInTheJarIsNotLoaded() throws Exception {
    Path classes = folder.resolve("classes");
    copyClasses(classes);
    Path checksum = classes.resolve(LIBRARY + ".sha256");
    Files.writeString(checksum, "0".repeat(64));
    try (URLClassLoader loader = loaderOf(classes)) {
      Throwable thrown = openIn(loader, folder.resolve("a.db"), false);
      assertTrue(thrown.getMessage().contains("damaged"), thrown.getMessage());
    }
  }

  @Test
  void twoClassLoadersHaveACopyEachAndRespectOneAnothersDirectories() throws Exception {
    long before = mappedCopies();
    try (URLClassLoader first = loaderOf(productionClasses());
        URLClassLoader second = loaderOf(productionClasses())) {
      Object one = open(first, folder.resolve("one.db"));
      Object two = open(second, folder.resolve("two.db"));
      assertEquals(before + 2, mappedCopies());
      Throwable locked = openIn(second, folder.resolve("one.db"), true);
      assertTrue(locked.toString().contains("OktaProfilesException"), String.valueOf(locked));
      ((AutoCloseable) one).close();
      ((AutoCloseable) open(second, folder.resolve("one.db"))).close();
      ((AutoCloseable) two).close();
    }
  }

  /** Mapped images of the library: unlinked ones show as deleted, one executable mapping each. */
  private static long mappedCopies() throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains("libokta_profiles-") && line.contains("r-xp")).count();
    }
  }

  private static Object open(ClassLoader loader, Path directory) throws ReflectiveOperationException {
    Class<?> type = Class.forName("com.mumosystems.oktaprofiles.OktaProfiles", true, loader);
    return type.getMethod("open", Path.class, Map.class).invoke(null, directory, Map.of());
  }

  private static Throwable openIn(ClassLoader loader, Path directory, boolean loaded)
      throws ReflectiveOperationException {
    try {
      open(loader, directory);
    } catch (java.lang.reflect.InvocationTargetException e) {
      return e.getCause();
    }
    throw new AssertionError(loaded ? "two owners" : "it was loaded");
  }

  private static Path productionClasses() {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entry.endsWith("classes") && !entry.endsWith("test-classes")) {
        return Path.of(entry);
      }
    }
    throw new IllegalStateException("the classes are not on the class path");
  }

  private static void copyClasses(Path target) throws IOException {
    Path source = productionClasses();
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        Path copy = target.resolve(source.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  /** A loader that does not see this test's own copy of the classes. */
  private static URLClassLoader loaderOf(Path classes) throws MalformedURLException {
    URI uri = classes.toUri();
    String text = uri.toString().endsWith("/") ? uri.toString() : uri + "/";
    return new URLClassLoader(new URL[] {URI.create(text).toURL()}, ClassLoader.getPlatformClassLoader());
  }
}
