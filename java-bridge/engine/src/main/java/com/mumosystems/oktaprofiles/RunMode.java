package com.mumosystems.oktaprofiles;

/** What a run reads. Written from the Rust tables by {@code make header}. */
public enum RunMode {
  /** Every user. */
  FULL("full"),
  /** The users whose lastUpdated is at a certain time or later. */
  DELTA("delta"),
  /** Users that events name, each requested by id. */
  LIVE("live"),
  /** A value of a newer native library. */
  UNKNOWN("unknown");

  private final String word;

  RunMode(String word) {
    this.word = word;
  }

  static RunMode of(String word) {
    for (RunMode value : values()) {
      if (value.word.equals(word)) {
        return value;
      }
    }
    return UNKNOWN;
  }

  /**
   * The word in answers and in the directory.
   *
   * @return such as full
   */
  @Override
  public String toString() {
    return word;
  }
}
