package com.mumosystems.oktaprofiles.jira.sync;

import com.atlassian.scheduler.JobRunnerRequest;
import com.atlassian.scheduler.JobRunnerResponse;
import com.atlassian.scheduler.SchedulerService;
import com.atlassian.scheduler.SchedulerServiceException;
import com.atlassian.scheduler.config.JobConfig;
import com.atlassian.scheduler.config.JobId;
import com.atlassian.scheduler.config.JobRunnerKey;
import com.atlassian.scheduler.config.RunMode;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.SyncReport;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import com.mumosystems.oktaprofiles.jira.node.PinJournal;
import com.mumosystems.oktaprofiles.jira.node.Snapshots;
import com.mumosystems.oktaprofiles.jira.settings.SettingsStore;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The plugin's two jobs in Jira's scheduler: the run itself, once per cluster, and on each node every minute the
 * look at what the others did.
 */
public final class Schedule {
  private static final System.Logger LOG = System.getLogger(Schedule.class.getName());
  private static final JobRunnerKey SYNC = JobRunnerKey.of("com.mumosystems.okta-profiles.sync");
  private static final JobRunnerKey FOLLOW = JobRunnerKey.of("com.mumosystems.okta-profiles.follow");
  private static final JobId SYNC_JOB = JobId.of("com.mumosystems.okta-profiles.sync");
  private static final JobId FOLLOW_JOB = JobId.of("com.mumosystems.okta-profiles.follow");
  private static final Duration FOLLOW_EVERY = Duration.ofMinutes(1);
  private static final long PATIENCE_MILLIS = 3_000;

  private final Host host;
  private final SettingsStore settings;
  private final NodeDirectory directory;
  private final Snapshots snapshots;
  private final PinJournal pins;
  private final SyncRunner runner;
  private final ReentrantLock following = new ReentrantLock();
  private boolean started;
  private Thread opening;

  /**
   * Schedules nothing yet.
   *
   * @param host the services of Jira
   * @param settings where the interval is
   * @param directory the directory of this node
   * @param snapshots what the other nodes hand over
   * @param pins matches made by hand
   * @param runner runs
   */
  public Schedule(
      Host host,
      SettingsStore settings,
      NodeDirectory directory,
      Snapshots snapshots,
      PinJournal pins,
      SyncRunner runner) {
    this.host = host;
    this.settings = settings;
    this.directory = directory;
    this.snapshots = snapshots;
    this.pins = pins;
    this.runner = runner;
  }

  /** Registers the jobs and begins to follow the cluster. */
  public synchronized void start() {
    SchedulerService scheduler = host.require(SchedulerService.class);
    scheduler.registerJobRunner(SYNC, this::runSync);
    scheduler.registerJobRunner(FOLLOW, this::runFollow);
    started = true;
    opening = new Thread(this::follow, "okta-profiles-start");
    opening.setDaemon(true);
    opening.start();
    try {
      scheduler.scheduleJob(FOLLOW_JOB, job(FOLLOW, RunMode.RUN_LOCALLY, FOLLOW_EVERY));
    } catch (SchedulerServiceException e) {
      LOG.log(Level.ERROR, "Jira's scheduler does not take the job that follows other nodes", e);
    }
    plan();
  }

  /** Puts the interval of the settings in force. */
  public void plan() {
    SchedulerService scheduler = host.require(SchedulerService.class);
    int minutes = settings.read().intervalMinutes();
    try {
      if (minutes > 0) {
        scheduler.scheduleJob(SYNC_JOB, job(SYNC, RunMode.RUN_ONCE_PER_CLUSTER, Duration.ofMinutes(minutes)));
      } else {
        scheduler.unscheduleJob(SYNC_JOB);
      }
    } catch (SchedulerServiceException e) {
      LOG.log(Level.ERROR, "Jira's scheduler does not take the synchronization", e);
    }
  }

  private static JobConfig job(JobRunnerKey runner, RunMode mode, Duration every) {
    Date first = Date.from(Instant.now().plus(every));
    return JobConfig.forJobRunnerKey(runner)
        .withRunMode(mode)
        .withSchedule(com.atlassian.scheduler.config.Schedule.forInterval(every.toMillis(), first));
  }

  private JobRunnerResponse runSync(JobRunnerRequest request) {
    try {
      SyncReport report = runner.run(SyncRequest.scheduled());
      return JobRunnerResponse.success("run " + report.run());
    } catch (OktaProfilesException e) {
      boolean ordinary = e.code() == ErrorCode.BUSY || e.code() == ErrorCode.NOT_CONNECTED;
      return ordinary ? JobRunnerResponse.aborted(e.getMessage()) : JobRunnerResponse.failed(e.getMessage());
    }
  }

  private JobRunnerResponse runFollow(JobRunnerRequest request) {
    follow();
    return JobRunnerResponse.success();
  }

  /** Takes over what other nodes finished, decided or left behind; leaves it to whoever is at it already. */
  public void follow() {
    if (!following.tryLock()) {
      return;
    }
    try {
      if (!runner.isRunning()) {
        catchUp();
      }
    } finally {
      following.unlock();
    }
  }

  private void catchUp() {
    try {
      directory.refreshSettings();
      snapshots.takeOver(pins);
      pins.catchUp();
      runner.takeOverAbandoned();
    } catch (OktaProfilesException e) {
      LOG.log(Level.WARNING, "Okta Profiles cannot follow the cluster: {0}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "Okta Profiles cannot follow the cluster", e);
    }
  }

  /** Takes the jobs of this node out of the scheduler, which would keep the plugin's classes alive. */
  public synchronized void stop() {
    if (!started) {
      return;
    }
    started = false;
    host.find(SchedulerService.class).ifPresent(scheduler -> {
      scheduler.unscheduleJob(FOLLOW_JOB);
      scheduler.unregisterJobRunner(FOLLOW);
      // The job of the cluster stays: other nodes still run it.
      scheduler.unregisterJobRunner(SYNC);
    });
  }

  /** Waits a little for the thread that {@link #start} made, after everything it could use was closed. */
  public void awaitOpening() {
    if (opening != null) {
      try {
        opening.join(PATIENCE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
