package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.scheduler.JobRunner;
import com.atlassian.scheduler.JobRunnerRequest;
import com.atlassian.scheduler.JobRunnerResponse;
import com.atlassian.scheduler.SchedulerService;
import com.atlassian.scheduler.SchedulerServiceException;
import com.atlassian.scheduler.config.JobConfig;
import com.atlassian.scheduler.config.JobId;
import com.atlassian.scheduler.config.JobRunnerKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A scheduler that really runs its jobs, on threads of its own, and at once when a test wants it. */
public final class FakeScheduler implements SchedulerService, AutoCloseable {
  private final Map<JobRunnerKey, JobRunner> runners = new ConcurrentHashMap<>();
  private final Map<JobId, JobConfig> jobs = new ConcurrentHashMap<>();
  private final Map<JobId, ScheduledFuture<?>> timers = new ConcurrentHashMap<>();
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          2,
          work -> {
            Thread thread = new Thread(work, "Caesium");
            thread.setDaemon(true);
            return thread;
          });

  FakeScheduler() {}

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
    jobs.put(id, config);
    long every = config.getSchedule().getIntervalScheduleInfo().getIntervalInMillis();
    timers.put(id, threads.scheduleAtFixedRate(() -> runNow(id), every, every, TimeUnit.MILLISECONDS));
  }

  @Override
  public void unscheduleJob(JobId id) {
    jobs.remove(id);
    ScheduledFuture<?> timer = timers.remove(id);
    if (timer != null) {
      timer.cancel(false);
    }
  }

  /**
   * Runs a job on the calling thread.
   *
   * @param id the job
   * @return its answer; null if its runner is not registered here
   */
  public JobRunnerResponse runNow(JobId id) {
    JobConfig config = jobs.get(id);
    JobRunner runner = config == null ? null : runners.get(config.getJobRunnerKey());
    return runner == null ? null : runner.runJob(new Request(id, config));
  }

  /**
   * Which jobs are scheduled.
   *
   * @return the jobs
   */
  public Map<JobId, JobConfig> jobs() {
    return Map.copyOf(jobs);
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

  private record Request(JobId id, JobConfig config) implements JobRunnerRequest {
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
      return false;
    }
  }
}
