package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.SyncMode;
import com.mumosystems.oktaprofiles.SyncOptions;
import java.util.List;
import java.util.Locale;

/**
 * What was requested of a run.
 *
 * @param mode auto, full or delta
 * @param dryRun whether only to report what a run would do
 * @param confirmAbsent whether to mark users absent even if more users vanished than the limits allow
 * @param confirmCleared whether to accept that an attribute became empty for more users than the limits allow
 * @param confirmJiraLoss whether to accept that more Jira users or matches are lost than the limits allow
 * @param restart whether to begin a new run even if an unfinished one could be resumed
 */
public record SyncRequest(
    String mode,
    boolean dryRun,
    boolean confirmAbsent,
    boolean confirmCleared,
    boolean confirmJiraLoss,
    boolean restart) {
  /** The allowed values of {@code mode}. */
  public static final List<String> MODES = List.of("auto", "full", "delta");

  /** The request of the schedule: automatic mode, without any confirmation. */
  public static SyncRequest scheduled() {
    return new SyncRequest("auto", false, false, false, false, false);
  }

  /** Whether this version knows the mode, because another version may have written the request. */
  boolean isKnown() {
    return mode != null && MODES.contains(mode);
  }

  SyncOptions options() {
    return new SyncOptions(
        SyncMode.valueOf(mode.toUpperCase(Locale.ROOT)), confirmAbsent, confirmCleared, restart);
  }
}
