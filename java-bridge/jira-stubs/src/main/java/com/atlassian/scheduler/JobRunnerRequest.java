package com.atlassian.scheduler;

import com.atlassian.scheduler.config.JobConfig;
import com.atlassian.scheduler.config.JobId;

/** One run of a job. */
public interface JobRunnerRequest {
  JobId getJobId();

  JobConfig getJobConfig();

  boolean isCancellationRequested();
}
