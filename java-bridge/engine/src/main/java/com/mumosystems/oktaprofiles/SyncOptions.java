package com.mumosystems.oktaprofiles;

/**
 * What the caller allows one run.
 *
 * @param confirmAbsent mark users absent even if more vanished than the limits allow
 * @param confirmCleared accept that an attribute became empty for more users than the limits allow
 * @param restart begin anew even if an unfinished run could be resumed
 */
public record SyncOptions(
    boolean confirmAbsent,
    boolean confirmCleared,
    boolean restart) {
  /**
   * Nothing out of the ordinary: resume if possible, refuse suspicious results.
   *
   * @return the options
   */
  public static SyncOptions defaults() {
    return new SyncOptions(false, false, false);
  }

  int flags() {
    return (confirmAbsent ? 1 : 0) | (confirmCleared ? 2 : 0) | (restart ? 4 : 0);
  }
}
