package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.SyncMode;
import com.mumosystems.oktaprofiles.SyncOptions;
import java.util.List;
import java.util.Locale;

/**
 * What a run was asked for.
 *
 * @param mode auto, full or delta
 * @param dryRun only report what a run would do
 * @param confirmAbsent mark users absent even if more vanished than the limits allow
 * @param confirmCleared accept that an attribute became empty for more users than the limits allow
 * @param confirmJiraLoss accept that more Jira users or matches are lost than the limits allow
 * @param restart begin anew even if an unfinished run could be resumed
 */
public record SyncRequest(
    String mode,
    boolean dryRun,
    boolean confirmAbsent,
    boolean confirmCleared,
    boolean confirmJiraLoss,
    boolean restart) {
  /** What {@code mode} may be. */
  public static final List<String> MODES = List.of("auto", "full", "delta");

  /** What the schedule asks for: nothing out of the ordinary. */
  public static SyncRequest scheduled() {
    return new SyncRequest("auto", false, false, false, false, false);
  }

  /** Whether this version knows what is asked for; another version may have written it. */
  boolean isKnown() {
    return mode != null && MODES.contains(mode);
  }

  SyncOptions options() {
    return new SyncOptions(
        SyncMode.valueOf(mode.toUpperCase(Locale.ROOT)), confirmAbsent, confirmCleared, restart);
  }
}
