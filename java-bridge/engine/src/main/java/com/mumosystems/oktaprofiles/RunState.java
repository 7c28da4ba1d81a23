package com.mumosystems.oktaprofiles;

/** The state of a run. Written from the Rust tables by {@code make header}. */
public enum RunState {
  /** Still running, or its process was killed: the next sync resumes it. */
  RUNNING("running"),
  /** Stopped by an error or a cancel: the next sync resumes it. */
  INTERRUPTED("interrupted"),
  /** Every listing ended and the directory was changed. */
  COMPLETE("complete"),
  /** Every listing ended, but the guard refused the result; the directory is as before. */
  REFUSED("refused"),
  /** Given up, because it was too old to resume or a new run was requested; the directory is as before. */
  DROPPED("dropped"),
  /** A value of a newer native library. */
  UNKNOWN("unknown");

  private final String word;

  RunState(String word) {
    this.word = word;
  }

  static RunState of(String word) {
    for (RunState value : values()) {
      if (value.word.equals(word)) {
        return value;
      }
    }
    return UNKNOWN;
  }

  /**
   * The word in answers and in the directory.
   *
   * @return such as running
   */
  @Override
  public String toString() {
    return word;
  }
}
