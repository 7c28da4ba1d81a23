package com.atlassian.scheduler;

/** How a run of a job ended. */
public final class JobRunnerResponse {
  private final String message;

  private JobRunnerResponse(String message) {
    this.message = message;
  }

  public static JobRunnerResponse success() {
    return new JobRunnerResponse("");
  }

  public static JobRunnerResponse success(String message) {
    return new JobRunnerResponse(message);
  }

  public static JobRunnerResponse aborted(String message) {
    return new JobRunnerResponse(message);
  }

  public static JobRunnerResponse failed(String message) {
    return new JobRunnerResponse(message);
  }

  public String getMessage() {
    return message;
  }
}
