package com.mumosystems.oktaprofiles;

import java.util.List;
import java.util.Optional;

/**
 * What validating a connection found out.
 *
 * @param usable whether a sync can work
 * @param orgUrl the org URL after normalisation
 * @param orgUrlNote what was repaired in the URL as pasted; empty if nothing
 * @param credentialKind what Okta is asked with: api_token, oauth or service_app
 * @param grantedScopes the scopes of the access token; empty for an API token
 * @param missingScopes scopes that the switched-on features need and the token lacks
 * @param unneededScopes scopes of the token that nothing switched on needs
 * @param checks one line for each capability
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
  public Optional<Check> check(String capability) {
    return checks.stream().filter(check -> check.capability().equals(capability)).findFirst();
  }
}
