package com.mumosystems.oktaprofiles.osgi;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** A node of the cluster as a process of its own, seen from the test. */
final class Node implements AutoCloseable {
  final PageClient page;
  private final Process process;
  private final BufferedReader out;

  Node(String name, Path work, Path shared, int jiraUsers) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        ChildJvm.java(Runtime.version().feature()).toString(), "-Xmx512m", "-Dokta.profiles.internal.addresses=loopback", "-cp",
        System.getProperty("java.class.path"), NodeProgram.class.getName(), System.getProperty("okta.bundle"),
        Files.createDirectories(work.resolve(name)).toString(), shared.toString(), name, String.valueOf(jiraUsers)));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    page = new PageClient(await("listening "));
  }

  private String await(String prefix) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(prefix)) {
        return line.substring(prefix.length());
      }
    }
    throw new IOException("the node ended");
  }

  /** Runs the job that looks at what the other nodes did, and waits for its end. */
  void follow() throws IOException {
    process.getOutputStream().write("follow\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    await("done follow");
  }

  /**
   * Follows until something holds: a node that has just started follows by itself, and the job then leaves it to
   * that.
   */
  void followUntil(String what, Callable<Boolean> holds) throws Exception {
    for (int i = 0; i < 300; i++) {
      follow();
      if (holds.call()) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError(what);
  }

  /** Lets Jira anonymise a user: what {@link NodeProgram} says of the step. */
  String anonymize(String step, String key) throws IOException {
    process.getOutputStream().write(("anonymize " + step + " " + key + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    return await("anonymized ");
  }

  JsonObject statistics() throws IOException {
    return page.get("api/sync").getAsJsonObject("statistics");
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
