package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Flags;

/**
 * What the caller requests of one run, and what the caller confirms.
 *
 * @param mode full, delta, or automatic
 * @param confirmAbsent whether to mark users absent even if more users vanished than the limits allow
 * @param confirmCleared whether to accept that an attribute became empty for more users than the limits allow
 * @param restart whether to begin a new run even if an unfinished one could be resumed
 * @param confirmOrg whether to accept the org that answers as the org of this directory, although another org
 *     answered before
 */
public record SyncOptions(
    SyncMode mode, boolean confirmAbsent, boolean confirmCleared, boolean restart, boolean confirmOrg) {
  /**
   * Options without the confirmation of another org.
   *
   * @param mode full, delta, or automatic
   * @param confirmAbsent whether to mark users absent even if more users vanished than the limits allow
   * @param confirmCleared whether to accept that an attribute became empty for more users than the limits allow
   * @param restart whether to begin a new run even if an unfinished one could be resumed
   */
  public SyncOptions(SyncMode mode, boolean confirmAbsent, boolean confirmCleared, boolean restart) {
    this(mode, confirmAbsent, confirmCleared, restart, false);
  }

  /**
   * The usual options: read only what changed unless a full run is necessary, resume an unfinished run if possible,
   * and refuse suspicious results.
   */
  public static SyncOptions defaults() {
    return of(SyncMode.AUTO);
  }

  /** The usual options with this mode. */
  public static SyncOptions of(SyncMode mode) {
    return new SyncOptions(mode, false, false, false);
  }

  int flags() {
    return (confirmAbsent ? Flags.SYNC_CONFIRM_ABSENT : 0)
        | (confirmCleared ? Flags.SYNC_CONFIRM_CLEARED : 0)
        | (restart ? Flags.SYNC_RESTART : 0)
        | (confirmOrg ? Flags.SYNC_CONFIRM_ORG : 0)
        | mode.number;
  }
}
