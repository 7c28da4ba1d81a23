package com.atlassian.scheduler.config;

/** What the scheduler must know of a job. */
public final class JobConfig {
  private final JobRunnerKey runner;
  private final RunMode mode;
  private final Schedule schedule;

  private JobConfig(JobRunnerKey runner, RunMode mode, Schedule schedule) {
    this.runner = runner;
    this.mode = mode;
    this.schedule = schedule;
  }

  public static JobConfig forJobRunnerKey(JobRunnerKey runner) {
    return new JobConfig(runner, RunMode.RUN_ONCE_PER_CLUSTER, null);
  }

  public JobConfig withRunMode(RunMode runMode) {
    return new JobConfig(runner, runMode, schedule);
  }

  public JobConfig withSchedule(Schedule when) {
    return new JobConfig(runner, mode, when);
  }

  public JobRunnerKey getJobRunnerKey() {
    return runner;
  }

  public RunMode getRunMode() {
    return mode;
  }

  public Schedule getSchedule() {
    return schedule;
  }
}
