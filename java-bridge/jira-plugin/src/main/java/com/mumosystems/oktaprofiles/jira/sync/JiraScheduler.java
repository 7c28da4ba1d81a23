package com.mumosystems.oktaprofiles.jira.sync;

import com.atlassian.scheduler.JobRunnerResponse;
import com.atlassian.scheduler.SchedulerService;
import com.atlassian.scheduler.SchedulerServiceException;
import com.atlassian.scheduler.config.IntervalScheduleInfo;
import com.atlassian.scheduler.config.JobConfig;
import com.atlassian.scheduler.config.JobId;
import com.atlassian.scheduler.config.JobRunnerKey;
import com.atlassian.scheduler.config.RunMode;
import com.atlassian.scheduler.config.Schedule;
import com.atlassian.scheduler.status.JobDetails;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.MissingService;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.function.BooleanSupplier;

/**
 * The parts of Jira's scheduler that the plugin needs. It is the only class that names the scheduler's types, so
 * the other classes work even if this Jira does not have them.
 */
final class JiraScheduler {
  private static final System.Logger LOG = JiraLog.of(JiraScheduler.class);
  private static final String PREFIX = "com.mumosystems.okta-profiles.";

  private final Host host;

  JiraScheduler(Host host) {
    this.host = host;
  }

  /** The work of a job. */
  interface Job {
    /**
     * Does the work.
     *
     * @param cancelled returns true when the work must end
     * @return what was done, for Jira's list of jobs
     * @throws OktaProfilesException if it failed
     */
    String run(BooleanSupplier cancelled);
  }

  /** Registers the work of a job on this node. */
  void register(String name, Job job) {
    scheduler().registerJobRunner(runner(name), request -> run(name, job, request::isCancellationRequested));
  }

  /** Removes the work of a job; otherwise Jira would keep the plugin's classes alive. */
  void unregister(String name) {
    scheduler().unregisterJobRunner(runner(name));
  }

  /** Schedules a job on every node. Jira does not keep such a job after a restart. */
  void everywhere(String name, Duration every) {
    schedule(name, RunMode.RUN_LOCALLY, every);
  }

  /**
   * Schedules a job that runs on one node at a time. Jira keeps it in its database. If it already has this
   * interval, it is not changed, because scheduling it again would move its next run whenever a node restarts.
   */
  void oncePerCluster(String name, Duration every) {
    if (!runsEvery(scheduler().getJobDetails(JobId.of(PREFIX + name)), runner(name), every)) {
      schedule(name, RunMode.RUN_ONCE_PER_CLUSTER, every);
    }
  }

  /** Removes a job from the schedule of the whole cluster. */
  void unschedule(String name) {
    scheduler().unscheduleJob(JobId.of(PREFIX + name));
  }

  private static boolean runsEvery(JobDetails job, JobRunnerKey runner, Duration every) {
    if (job == null || job.getSchedule() == null || job.getRunMode() != RunMode.RUN_ONCE_PER_CLUSTER) {
      return false;
    }
    IntervalScheduleInfo interval = job.getSchedule().getIntervalScheduleInfo();
    return runner.equals(job.getJobRunnerKey())
        && interval != null
        && interval.getIntervalInMillis() == every.toMillis();
  }

  private void schedule(String name, RunMode mode, Duration every) {
    Date first = Date.from(Instant.now().plus(every));
    JobConfig config = JobConfig.forJobRunnerKey(runner(name))
        .withRunMode(mode)
        .withSchedule(Schedule.forInterval(every.toMillis(), first));
    try {
      scheduler().scheduleJob(JobId.of(PREFIX + name), config);
    } catch (SchedulerServiceException e) {
      LOG.log(Level.ERROR, "Jira's scheduler does not accept the job " + name, e);
    }
  }

  private static JobRunnerResponse run(String name, Job job, BooleanSupplier cancelled) {
    try {
      return JobRunnerResponse.success(job.run(cancelled));
    } catch (OktaProfilesException e) {
      return isOrdinary(e.code()) ? JobRunnerResponse.aborted(words(e)) : JobRunnerResponse.failed(words(e));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "The job " + name + " failed", e);
      return JobRunnerResponse.failed(words(e));
    } catch (LinkageError e) {
      LOG.log(Level.ERROR, "The job " + name + " failed", e);
      return JobRunnerResponse.failed(words(MissingService.of(e)));
    }
  }

  private static boolean isOrdinary(ErrorCode code) {
    return code == ErrorCode.BUSY || code == ErrorCode.NOT_CONNECTED || code == ErrorCode.CANCELLED;
  }

  /** The message of an error; never blank, because Jira refuses a blank message. */
  private static String words(RuntimeException e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }

  private static JobRunnerKey runner(String name) {
    return JobRunnerKey.of(PREFIX + name);
  }

  private SchedulerService scheduler() {
    return host.require(SchedulerService.class);
  }
}
