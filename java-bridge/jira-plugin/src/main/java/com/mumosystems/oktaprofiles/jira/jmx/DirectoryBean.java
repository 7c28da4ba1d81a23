package com.mumosystems.oktaprofiles.jira.jmx;

import com.mumosystems.oktaprofiles.DirectoryStatistics;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.SyncReport;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The figures of this node's directory under JMX. They are read only when a client asks. */
public final class DirectoryBean implements DirectoryMXBean {
  /** The name, in a domain of the plugin's own. */
  static final String NAME = "com.mumosystems.okta-profiles:type=Directory";

  private static final System.Logger LOG = JiraLog.of(DirectoryBean.class);
  private static final long NEVER = -1;

  private final NodeDirectory directory;

  private DirectoryBean(NodeDirectory directory) {
    this.directory = directory;
  }

  /**
   * Offers the figures to JMX.
   *
   * @return removes them again; without that the server would keep the plugin's class loader alive
   */
  public static Runnable register(NodeDirectory directory) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      ObjectName name = new ObjectName(NAME);
      server.registerMBean(new DirectoryBean(directory), name);
      return () -> unregister(server, name);
    } catch (InstanceAlreadyExistsException e) {
      LOG.log(Level.DEBUG, "Another node in this JVM already uses this JMX name", e);
    } catch (JMException e) {
      LOG.log(Level.WARNING, "Okta Profiles cannot offer its figures under JMX", e);
    }
    return () -> { };
  }

  private static void unregister(MBeanServer server, ObjectName name) {
    try {
      server.unregisterMBean(name);
    } catch (JMException e) {
      LOG.log(Level.WARNING, "The figures of Okta Profiles cannot be removed from JMX", e);
    }
  }

  /** A JMX client may not know the classes of the plugin's exceptions. */
  private <T> T ask(Function<OktaProfiles, T> question) {
    try {
      return directory.use(question);
    } catch (OktaProfilesException e) {
      throw new IllegalStateException(e.getMessage() + " (" + e.code() + ")");
    }
  }

  private DirectoryStatistics statistics() {
    return ask(OktaProfiles::statistics);
  }

  private long ofLastRun(ToLongFunction<SyncReport> figure) {
    return ask(engine -> engine.runs(0, 1)).stream().mapToLong(figure).findFirst().orElse(NEVER);
  }

  @Override
  public long getFreshnessSeconds() {
    Instant fresh = statistics().freshAsOf();
    return fresh == null ? NEVER : Duration.between(fresh, Instant.now()).toSeconds();
  }

  @Override
  public long getOktaUsers() {
    return statistics().oktaUsers();
  }

  @Override
  public long getJiraUsers() {
    return statistics().jiraUsers();
  }

  @Override
  public long getMatchedUsers() {
    DirectoryStatistics statistics = statistics();
    return statistics.matches().matched() + statistics.matches().pinned();
  }

  @Override
  public long getLastRun() {
    return ofLastRun(SyncReport::run);
  }

  @Override
  public String getLastRunState() {
    return ask(engine -> engine.runs(0, 1)).stream().findFirst().map(run -> String.valueOf(run.state())).orElse("");
  }

  @Override
  public int getLastRunError() {
    return Math.max(0, (int) ofLastRun(SyncReport::errorCode));
  }

  @Override
  public long getLastRunRequests() {
    return ofLastRun(SyncReport::requests);
  }

  @Override
  public long getLastRunWaitedSeconds() {
    return ofLastRun(run -> run.waited().toSeconds());
  }

  @Override
  public long getLastRunElapsedSeconds() {
    return ofLastRun(run -> run.elapsed().toSeconds());
  }

  @Override
  public String getPhase() {
    return ask(engine -> engine.progress().phase().name());
  }

  @Override
  public long getLookUps() {
    return directory.lookUpTimes().count();
  }

  @Override
  public long getLookUpFailures() {
    return directory.lookUpTimes().failures();
  }

  @Override
  public long getLookUpMeanMicros() {
    return directory.lookUpTimes().meanMicros();
  }

  @Override
  public long getLookUpLongestMicros() {
    return directory.lookUpTimes().longestMicros();
  }
}
