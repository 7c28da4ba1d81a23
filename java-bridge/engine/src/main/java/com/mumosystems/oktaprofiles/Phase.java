package com.mumosystems.oktaprofiles;

/** What a run is doing. */
public enum Phase {
  /** No run is going on. */
  IDLE,
  /** Checking org and credential. */
  STARTING,
  /** Reading users from Okta. */
  READING,
  /** Waiting for a rate-limit window or before a retry. */
  WAITING,
  /** Guarding, publishing and matching. */
  PUBLISHING,
  /** Reading groups and their members; the users are published already. */
  GROUPS,
  /** A phase of a newer native library. */
  UNKNOWN;

  static Phase of(long number) {
    return number >= 0 && number < UNKNOWN.ordinal() ? values()[(int) number] : UNKNOWN;
  }
}
