package com.mumosystems.oktaprofiles;

/** Where Okta tells by itself what changed. Written from the Rust tables by {@code make header}. */
public enum LiveSource {
  /** Nowhere: only runs that list find it. */
  OFF("off"),
  /** In its System Log, which is asked now and then. */
  LOG("log"),
  /** By its event hook, which posts to an address of this side. */
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
