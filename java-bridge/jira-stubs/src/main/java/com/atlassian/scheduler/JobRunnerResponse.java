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
    return new JobRunnerResponse(notBlank(message));
  }

  public static JobRunnerResponse failed(String message) {
    return new JobRunnerResponse(notBlank(message));
  }

  /** As the real one does. */
  private static String notBlank(String message) {
    if (message == null || message.isBlank()) {
      throw new IllegalArgumentException("a job that did not succeed must say why");
    }
    return message;
  }

  public String getMessage() {
    return message;
  }
}
