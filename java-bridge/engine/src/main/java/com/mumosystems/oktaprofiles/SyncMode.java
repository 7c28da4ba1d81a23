package com.mumosystems.oktaprofiles;

/** Whether a sync reads every user or only changed ones. Written from the Rust tables by {@code make header}. */
public enum SyncMode {
  /** Only changed users, unless a full run is needed; the report says why. */
  AUTO(0),
  /** Every user of the org; only a full run notices deleted users. */
  FULL(8),
  /** Only changed users. If that is impossible, the run is a full one and the report says why. */
  DELTA(16);

  final int number;

  SyncMode(int number) {
    this.number = number;
  }
}
