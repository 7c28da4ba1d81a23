package com.mumosystems.oktaprofiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the guide, compiled and run as the guide says. */
class QuickstartTest {
  @Test
  void theFirstProgramFindsSomebody(@TempDir Path folder) throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(30)) {
      String login = org.users().get(0).replaceAll(".*\"login\":\"([^\"]+)\".*", "$1");
      ProcessBuilder java = new ProcessBuilder(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
          System.getProperty("java.class.path"), "../../examples/Quickstart.java",
          folder.resolve("quickstart.db").toString(), login);
      java.environment().put("OKTA_ORG_URL", org.url());
      java.environment().put("OKTA_API_TOKEN", new String(org.token()));
      Process process = java.redirectErrorStream(true).start();
      try (InputStream out = process.getInputStream()) {
        String printed = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        assertTrue(printed.startsWith("30 users\n{"), printed);
        assertTrue(printed.contains(login), printed);
      }
    }
  }
}
