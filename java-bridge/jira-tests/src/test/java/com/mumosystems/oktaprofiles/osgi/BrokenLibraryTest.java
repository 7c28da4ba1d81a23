package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A native library that cannot be loaded: the plugin starts, and its page says why in words. */
class BrokenLibraryTest {
  private static final String PATH = "okta.profiles.native.path";

  @TempDir Path work;

  private final String processor = System.getProperty("os.arch");

  @AfterEach
  void forget() {
    System.clearProperty(PATH);
    System.setProperty("os.arch", processor);
  }

  /** On a system for which nothing was built: it installs, the page opens, and words say how far things go. */
  @Test
  void thePageSaysForWhichSystemsThereIsALibrary() throws Exception {
    System.setProperty("os.arch", "riscv64");
    try (PluginFixture plugin = new PluginFixture(work)) {
      assertEquals(200, plugin.page.tryGet("admin").status());
      assertEquals(200, plugin.page.tryGet("api/settings").status());
      JsonObject error = plugin.page.tryGet("api/connection").json().getAsJsonObject("error");
      assertEquals("NATIVE_LIBRARY_UNAVAILABLE", error.get("name").getAsString());
      String words = error.get("message").getAsString();
      assertTrue(words.contains("linux-riscv64") && words.contains("linux-x86_64"), words);
      assertEquals("missing", plugin.page.get("api/diagnostics").getAsJsonObject("native").get("sha256").getAsString());
    }
  }

  @Test
  void thePageSaysWhatIsWrong() throws Exception {
    Path foreign = work.resolve("libforeign.so");
    byte[] elfOfArm64 = new byte[64];
    byte[] header = {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, (byte) 0xb7, 0, 1};
    System.arraycopy(header, 0, elfOfArm64, 0, header.length);
    Files.write(foreign, elfOfArm64);
    System.setProperty(PATH, foreign.toString());
    try (PluginFixture plugin = new PluginFixture(work)) {
      assertEquals(200, plugin.page.tryGet("admin").status());
      PageClient.Reply reply = plugin.page.tryGet("api/connection");
      assertEquals(500, reply.status(), reply.body());
      JsonObject error = reply.json().getAsJsonObject("error");
      assertEquals("NATIVE_LIBRARY_UNAVAILABLE", error.get("name").getAsString());
      assertTrue(error.get("message").getAsString().contains("another kind of processor"), error.toString());
      String facts = plugin.page.get("api/diagnostics").getAsJsonObject("versions").toString();
      assertTrue(facts.contains("another kind of processor"), facts);
    }
  }
}
