package com.mumosystems.oktaprofiles;

import java.util.List;

/**
 * The result of validating a connection. Written from the Rust tables by {@code make header}.
 *
 * @param usable Whether a sync can work; the same on every row.
 * @param orgUrl The org URL after corrections; the same on every row.
 * @param orgUrlNote What was corrected in the URL; the same on every row.
 * @param credentialKind The kind of credential: none, api_token, oauth or service_app.
 * @param grantedScopes The scopes of the access token, separated by blanks; empty if none is known.
 * @param missingScopes Scopes that the switched-on features need and the token lacks, separated by blanks; the same on every row.
 * @param unneededScopes Scopes of the token that no switched-on feature needs, separated by blanks; the same on every row.
 * @param checks One line of a validation report.
 */
public record ValidationReport(
    boolean usable,
    String orgUrl,
    String orgUrlNote,
    String credentialKind,
    List<String> grantedScopes,
    List<String> missingScopes,
    List<String> unneededScopes,
    List<Check> checks) {
  /**
   * The line about one capability.
   *
   * @param capability its name
   * @return the line
   */
  public java.util.Optional<Check> check(String capability) {
    return checks.stream().filter(check -> check.capability().equals(capability)).findFirst();
  }
}
