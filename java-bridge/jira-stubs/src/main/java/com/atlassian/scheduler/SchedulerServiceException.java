package com.atlassian.scheduler;

/** A job could not be scheduled. */
public class SchedulerServiceException extends Exception {
  private static final long serialVersionUID = 1L;

  public SchedulerServiceException(String message) {
    super(message);
  }
}
