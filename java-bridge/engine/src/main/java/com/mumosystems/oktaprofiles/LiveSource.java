package com.mumosystems.oktaprofiles;

/** Where Okta's events come from. Written from the Rust tables by {@code make header}. */
public enum LiveSource {
  /** From nowhere: only full and delta runs find changes. */
  OFF("off"),
  /** From Okta's System Log, which the engine polls. */
  LOG("log"),
  /** From an event hook, which posts to an address of this side. */
  HOOK("hook"),
  /** A value of a newer native library. */
  UNKNOWN("unknown");

  private final String word;

  LiveSource(String word) {
    this.word = word;
  }

  static LiveSource of(String word) {
    for (LiveSource value : values()) {
      if (value.word.equals(word)) {
        return value;
      }
    }
    return UNKNOWN;
  }

  /**
   * The word in answers and in the directory.
   *
   * @return such as off
   */
  @Override
  public String toString() {
    return word;
  }
}
