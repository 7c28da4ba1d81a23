package com.mumosystems.oktaprofiles;

/** Whether a sync reads every user or only what changed. Written from the Rust tables by {@code make header}. */
public enum SyncMode {
  /** Only what changed, unless a full run is needed; the report says why. */
  AUTO(0),
  /** Every user of the org; only a full run notices deleted users. */
  FULL(8),
  /** Only what changed. If that is impossible, a full run takes its place and the report says why. */
  DELTA(16);

  final int number;

  SyncMode(int number) {
    this.number = number;
  }
}
