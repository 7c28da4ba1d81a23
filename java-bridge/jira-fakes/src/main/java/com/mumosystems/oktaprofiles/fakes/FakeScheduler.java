package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.scheduler.JobRunner;
import com.atlassian.scheduler.JobRunnerRequest;
import com.atlassian.scheduler.JobRunnerResponse;
import com.atlassian.scheduler.SchedulerService;
import com.atlassian.scheduler.SchedulerServiceException;
import com.atlassian.scheduler.config.JobConfig;
import com.atlassian.scheduler.config.JobId;
import com.atlassian.scheduler.config.JobRunnerKey;
import com.atlassian.scheduler.config.RunMode;
import com.atlassian.scheduler.config.Schedule;
import com.atlassian.scheduler.status.JobDetails;
import java.nio.file.Path;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A scheduler that really runs its jobs, on threads of its own, and at once when a test wants it. Jobs of the cluster
 * outlive it, as in Jira; jobs of the node do not.
 */
public final class FakeScheduler implements SchedulerService, AutoCloseable {
  private final Map<JobRunnerKey, JobRunner> runners = new ConcurrentHashMap<>();
  private final Map<JobId, JobConfig> local = new ConcurrentHashMap<>();
  private final Map<JobId, ScheduledFuture<?>> timers = new ConcurrentHashMap<>();
  private final Set<JobId> cancelled = ConcurrentHashMap.newKeySet();
  private final ClusteredJobs clustered;
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          2,
          work -> {
            Thread thread = new Thread(work, "Caesium");
            thread.setDaemon(true);
            return thread;
          });

  FakeScheduler(Path clusteredJobs) {
    clustered = new ClusteredJobs(clusteredJobs);
  }

  @Override
  public void registerJobRunner(JobRunnerKey key, JobRunner runner) {
    runners.put(key, runner);
  }

  @Override
  public void unregisterJobRunner(JobRunnerKey key) {
    runners.remove(key);
  }

  @Override
  public void scheduleJob(JobId id, JobConfig config) throws SchedulerServiceException {
    if (config.getSchedule() == null) {
      throw new SchedulerServiceException("a job needs a schedule");
    }
    unscheduleJob(id);
    if (config.getRunMode() == RunMode.RUN_ONCE_PER_CLUSTER) {
      clustered.put(id, config);
    } else {
      local.put(id, config);
    }
    long every = config.getSchedule().getIntervalScheduleInfo().getIntervalInMillis();
    timers.put(id, threads.scheduleAtFixedRate(() -> runNow(id), every, every, TimeUnit.MILLISECONDS));
  }

  @Override
  public void unscheduleJob(JobId id) {
    local.remove(id);
    clustered.remove(id);
    ScheduledFuture<?> timer = timers.remove(id);
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public JobDetails getJobDetails(JobId id) {
    return config(id).map(Details::new).orElse(null);
  }

  private Optional<JobConfig> config(JobId id) {
    return Optional.ofNullable(local.get(id)).or(() -> clustered.get(id));
  }

  /**
   * Runs a job on the calling thread.
   *
   * @return its answer; null if its runner is not registered here
   */
  public JobRunnerResponse runNow(JobId id) {
    JobConfig config = config(id).orElse(null);
    JobRunner runner = config == null ? null : runners.get(config.getJobRunnerKey());
    cancelled.remove(id);
    return runner == null ? null : runner.runJob(new Request(id, config, cancelled));
  }

  /** Asks the run of a job to end, as the scheduler does when an administrator wants it or Jira stops. */
  public void cancel(JobId id) {
    cancelled.add(id);
  }

  /**
   * How many runners are registered; each keeps the classes of its plugin.
   *
   * @return the number
   */
  public int runners() {
    return runners.size();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private record Details(JobConfig config) implements JobDetails {
    @Override
    public JobRunnerKey getJobRunnerKey() {
      return config.getJobRunnerKey();
    }

    @Override
    public RunMode getRunMode() {
      return config.getRunMode();
    }

    @Override
    public Schedule getSchedule() {
      return config.getSchedule();
    }

    @Override
    public Date getNextRunTime() {
      return config.getSchedule().getIntervalScheduleInfo().getFirstRunTime();
    }
  }

  private record Request(JobId id, JobConfig config, Set<JobId> cancelled) implements JobRunnerRequest {
    @Override
    public JobId getJobId() {
      return id;
    }

    @Override
    public JobConfig getJobConfig() {
      return config;
    }

    @Override
    public boolean isCancellationRequested() {
      return cancelled.contains(id);
    }
  }
}
