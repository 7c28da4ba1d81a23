package com.mumosystems.oktaprofiles.osgi;

import com.atlassian.jira.task.context.Context;
import com.atlassian.jira.user.anonymize.AffectedEntity;
import com.atlassian.jira.user.anonymize.UserAnonymizationHandler;
import com.atlassian.jira.user.anonymize.UserAnonymizationParameter;
import com.atlassian.scheduler.config.JobId;
import com.mumosystems.oktaprofiles.fakes.FakeJira;
import com.mumosystems.oktaprofiles.fakes.FakeUser;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One node of a cluster: says where it listens, then does what standard input says until that ends: {@code follow}
 * runs the job that Jira's scheduler runs every minute, {@code anonymize STEP KEY} does a step of Jira's anonymisation.
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
        if (line.startsWith("anonymize ")) {
          System.out.println("anonymized " + anonymize(jira, osgi, line.split(" ")[1], line.split(" ")[2]));
        } else {
          jira.scheduler().runNow(JobId.of("com.mumosystems.okta-profiles." + line));
          System.out.println("done " + line);
        }
      }
      osgi.stop();
    }
  }

  /** The steps of Jira's anonymisation: what the plugin says it keeps, what it does, and what Jira does itself. */
  static String anonymize(FakeJira jira, OsgiJira osgi, String step, String key) {
    UserAnonymizationHandler handler = osgi.module(
        UserAnonymizationHandler.class, "com.mumosystems.oktaprofiles.jira.anonymize.AnonymizedUser");
    UserAnonymizationParameter parameter = new UserAnonymizationParameter(key, input -> new Unit());
    return switch (step) {
      case "affected" -> "affected " + handler.getAffectedEntities(parameter).stream()
          .mapToLong(AffectedEntity::getNumberOfOccurrences)
          .sum();
      case "forget" -> "valid " + handler.update(parameter).isValid();
      default -> {
        jira.users().add(new FakeUser(key, "jirauser10007", "", "user-ca31a", true));
        yield "renamed";
      }
    };
  }

  /** A unit of Jira's task. */
  private static final class Unit implements Context.Task {
    @Override
    public void complete() {
      // Nobody looks.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
