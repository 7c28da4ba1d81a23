package com.mumosystems.oktaprofiles;

/** What a run is doing. Written from the Rust tables by {@code make header}. */
public enum Phase {
  /** No run is working. */
  IDLE("idle"),
  /** Checking org and credential. */
  STARTING("starting"),
  /** Reading users from Okta. */
  READING("reading"),
  /** Waiting for a rate-limit window or before a retry. */
  WAITING("waiting"),
  /** Checking the result, publishing and matching. */
  PUBLISHING("publishing"),
  /** Reading groups and their members; the users are published already. */
  GROUPS("groups"),
  /** A value of a newer native library. */
  UNKNOWN("unknown");

  private final String word;

  Phase(String word) {
    this.word = word;
  }

  static Phase of(long number) {
    return number >= 0 && number < UNKNOWN.ordinal() ? values()[(int) number] : UNKNOWN;
  }

  /**
   * The word in answers and in the directory.
   *
   * @return such as idle
   */
  @Override
  public String toString() {
    return word;
  }
}
