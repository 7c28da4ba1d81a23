package com.atlassian.scheduler;

import com.atlassian.scheduler.config.JobConfig;
import com.atlassian.scheduler.config.JobId;
import com.atlassian.scheduler.config.JobRunnerKey;
import com.atlassian.scheduler.status.JobDetails;

/** The scheduler of the product. */
public interface SchedulerService {
  void registerJobRunner(JobRunnerKey key, JobRunner runner);

  void unregisterJobRunner(JobRunnerKey key);

  void scheduleJob(JobId id, JobConfig config) throws SchedulerServiceException;

  void unscheduleJob(JobId id);

  JobDetails getJobDetails(JobId id);
}
