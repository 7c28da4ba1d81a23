package com.mumosystems.oktaprofiles;

import java.util.List;
import java.util.Optional;

/**
 * What validating a connection found out.
 *
 * @param usable whether a sync can work
 * @param orgUrl the org URL after normalisation
 * @param orgUrlNote what was repaired in the URL as pasted; empty if nothing
 * @param checks one line for each capability
 */
public record ValidationReport(
    boolean usable,
    String orgUrl,
    String orgUrlNote,
    List<Check> checks) {
  /**
   * The line about one capability.
   *
   * @param capability its name
   * @return the line
   */
  public Optional<Check> check(String capability) {
    return checks.stream().filter(check -> check.capability().equals(capability)).findFirst();
  }
}
