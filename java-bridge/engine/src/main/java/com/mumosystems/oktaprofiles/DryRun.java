package com.mumosystems.oktaprofiles;

import java.util.List;
import java.util.Map;

/**
 * What a run would have done. Nothing was changed.
 *
 * @param report the report that the run would have left: complete, or refused with the guard's error
 * @param fields for each field, how many users would change in it; empty if refused
 * @param samples the first of the changes, at most as many as requested; they contain personal data
 * @param jiraUsers what replacing the Jira users would do; null if none were handed over
 */
public record DryRun(
    SyncReport report, Map<String, Long> fields, List<Change> samples, JiraUserCounts jiraUsers) {
  /**
   * Whether the guard would refuse the run; {@link SyncReport#errorMessage} says why.
   *
   * @return true if nothing would be changed
   */
  public boolean refused() {
    return report.state() == RunState.REFUSED;
  }
}
