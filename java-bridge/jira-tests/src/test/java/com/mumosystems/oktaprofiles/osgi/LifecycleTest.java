package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The plugin comes and goes in a JVM that stays, on every Java that Jira runs on. */
class LifecycleTest {
  /** What -Xcheck:jni and JEP 472 say. */
  private static final Pattern MISUSE =
      Pattern.compile("WARNING in native method|JNI local refs|restricted method");

  @TempDir Path work;

  /** Jira 10 runs on Java 17 and 21, Jira 11 on 21; what comes next will run on 25. */
  static int[] javas() {
    return System.getProperty("okta.flavour").equals("jira11") ? new int[] {21, 25} : new int[] {17, 21};
  }

  @ParameterizedTest
  @MethodSource("javas")
  void nothingIsLeftOver(int java) throws Exception {
    try (SimulatedOrg org = new SimulatedOrg(500)) {
      String printed = ChildJvm.run(java, work.resolve("out.txt"), LifecycleProgram.class,
          System.getProperty("okta.bundle"), work.toString(), System.getProperty("okta.loops"),
          System.getProperty("okta.jira.users"), org.url(), org.token());
      System.out.println("Java " + java + ": " + printed);
      assertTrue(printed.contains("returning from main"));
      assertFalse(MISUSE.matcher(printed).find(), printed);
    }
  }
}
