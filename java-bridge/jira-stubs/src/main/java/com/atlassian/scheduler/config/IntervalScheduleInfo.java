package com.atlassian.scheduler.config;

import java.util.Date;

/** The interval of a job. */
public final class IntervalScheduleInfo {
  private final Date first;
  private final long interval;

  IntervalScheduleInfo(Date first, long interval) {
    this.first = first;
    this.interval = interval;
  }

  public Date getFirstRunTime() {
    return first == null ? null : new Date(first.getTime());
  }

  public long getIntervalInMillis() {
    return interval;
  }
}
