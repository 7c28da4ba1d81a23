package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Flags;

/**
 * What the caller asks of one run, and what it allows.
 *
 * @param mode full, delta, or whichever is needed
 * @param confirmAbsent mark users absent even if more vanished than the limits allow
 * @param confirmCleared accept that an attribute became empty for more users than the limits allow
 * @param restart begin anew even if an unfinished run could be resumed
 * @param confirmOrg take the org that answers for the one of this directory, although another one answered before
 */
public record SyncOptions(
    SyncMode mode, boolean confirmAbsent, boolean confirmCleared, boolean restart, boolean confirmOrg) {
  /**
   * Options that leave the directory to its org.
   *
   * @param mode full, delta, or whichever is needed
   * @param confirmAbsent mark users absent even if more vanished than the limits allow
   * @param confirmCleared accept that an attribute became empty for more users than the limits allow
   * @param restart begin anew even if an unfinished run could be resumed
   */
  public SyncOptions(SyncMode mode, boolean confirmAbsent, boolean confirmCleared, boolean restart) {
    this(mode, confirmAbsent, confirmCleared, restart, false);
  }

  /**
   * Nothing out of the ordinary: read what changed unless a full run is needed, resume if possible, refuse
   * suspicious results.
   */
  public static SyncOptions defaults() {
    return of(SyncMode.AUTO);
  }

  /** A run of this mode, otherwise nothing out of the ordinary. */
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
