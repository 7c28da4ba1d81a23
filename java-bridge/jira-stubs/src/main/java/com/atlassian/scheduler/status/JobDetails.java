package com.atlassian.scheduler.status;

import com.atlassian.scheduler.config.JobRunnerKey;
import com.atlassian.scheduler.config.RunMode;
import com.atlassian.scheduler.config.Schedule;
import java.util.Date;

/** A job that is scheduled. */
public interface JobDetails {
  JobRunnerKey getJobRunnerKey();

  RunMode getRunMode();

  Schedule getSchedule();

  Date getNextRunTime();
}
