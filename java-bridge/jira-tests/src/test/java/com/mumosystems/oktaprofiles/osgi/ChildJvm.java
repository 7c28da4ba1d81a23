package com.mumosystems.oktaprofiles.osgi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, of a version of its own, with the class path of this test. */
final class ChildJvm {
  private ChildJvm() {}

  /** The java of a version: this JVM's, or one of those that tests/setup.sh has put there. */
  static Path java(int version) {
    if (Runtime.version().feature() == version) {
      return Path.of(System.getProperty("java.home"), "bin", "java");
    }
    Path java = Path.of(System.getProperty("okta.jdks"), "jdk-" + version, "bin", "java");
    if (!Files.isExecutable(java)) {
      throw new IllegalStateException(java + " is missing; run tests/setup.sh jdks");
    }
    return java;
  }

  /** Starts a program; what it prints goes to a file. */
  static Process start(int version, Path output, Class<?> program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(java(version).toString(), "-Xmx1g", "-Xcheck:jni"));
    if (version >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-Dokta.sim=" + System.getProperty("okta.sim"),
        "-Dokta.profiles.internal.addresses=loopback", "-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }

  /** Runs a program to its end and gives what it printed. */
  static String run(int version, Path output, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    Process process = start(version, output, program, arguments);
    boolean ended = process.waitFor(10, TimeUnit.MINUTES);
    process.destroyForcibly();
    String printed = Files.readString(output);
    if (!ended || process.exitValue() != 0) {
      throw new AssertionError(program.getSimpleName() + " on Java " + version
          + (ended ? " failed with " + process.exitValue() : " did not end") + ":\n" + printed);
    }
    return printed;
  }
}
