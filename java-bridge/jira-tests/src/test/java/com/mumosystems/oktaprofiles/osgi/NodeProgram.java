package com.mumosystems.oktaprofiles.osgi;

import com.atlassian.scheduler.config.JobId;
import com.mumosystems.oktaprofiles.fakes.FakeJira;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One node of a cluster: says where it listens, then does what standard input says until that ends: {@code follow}
 * runs the job that Jira's scheduler runs every minute.
 *
 * <p>Arguments: bundle, work folder, shared home, name, Jira users.
 */
public final class NodeProgram {
  private NodeProgram() {}

  /**
   * Runs.
   *
   * @param arguments see the class
   * @throws Exception if the node cannot be started
   */
  public static void main(String[] arguments) throws Exception {
    Path work = Path.of(arguments[1]);
    FakeJira jira = new FakeJira(arguments[3], work.resolve("local"), Path.of(arguments[2]), true);
    jira.users().addMany(Integer.parseInt(arguments[4]));
    jira.session().makeAdministrator("admin");
    jira.session().signIn("admin");
    try (OsgiJira osgi = new OsgiJira(jira, work.resolve("felix"), Path.of(arguments[0]));
        ServletContainer container = new ServletContainer(osgi, work.resolve("tomcat"))) {
      osgi.install();
      osgi.start();
      System.out.println("listening " + container.url());
      BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        jira.scheduler().runNow(JobId.of("com.mumosystems.okta-profiles." + line));
        System.out.println("done " + line);
      }
      osgi.stop();
    }
  }
}
