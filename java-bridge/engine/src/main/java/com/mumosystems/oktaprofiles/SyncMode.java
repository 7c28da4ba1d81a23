package com.mumosystems.oktaprofiles;

/** Whether a sync reads every user or only what changed. Written from the Rust tables by {@code make header}. */
public enum SyncMode {
  /** Only what changed, unless something speaks for a full run; the report says what. */
  AUTO(0),
  /** Every user of the org; the only kind that notices deleted users. */
  FULL(8),
  /** Only what changed. Where that is impossible, a full run takes its place and the report says why. */
  DELTA(16);

  final int number;

  SyncMode(int number) {
    this.number = number;
  }
}
