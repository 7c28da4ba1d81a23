package com.atlassian.scheduler.config;

import java.util.Date;

/** When a job runs. */
public final class Schedule {
  private final long interval;
  private final Date first;

  private Schedule(long interval, Date first) {
    this.interval = interval;
    this.first = first == null ? null : new Date(first.getTime());
  }

  public static Schedule forInterval(long millis, Date first) {
    return new Schedule(millis, first);
  }

  public IntervalScheduleInfo getIntervalScheduleInfo() {
    return new IntervalScheduleInfo(first, interval);
  }
}
