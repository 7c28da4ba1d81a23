package com.mumosystems.oktaprofiles;

import java.time.Instant;
import java.util.List;

/**
 * What an administrator may know about the credential. It holds no secret.
 *
 * @param kind none, api_token, oauth or service_app
 * @param orgUrl the Okta URL; empty while not connected
 * @param clientId the client id; empty for an API token
 * @param scopes the scopes of the last access token; empty for an API token
 * @param accessTokenObtained when the access token was obtained; null if there is none
 * @param accessTokenExpires when the access token expires; null if there is none
 * @param signInEnds when the user must sign in again; null if unknown or never
 * @param signInWarning whether that is within 14 days, or over
 * @param dpop whether the tokens are bound to a key (DPoP)
 * @param problem number of the {@link ErrorCode} that keeps the credential from being used; 0 if none
 */
public record TokenStatus(
    String kind,
    String orgUrl,
    String clientId,
    List<String> scopes,
    Instant accessTokenObtained,
    Instant accessTokenExpires,
    Instant signInEnds,
    boolean signInWarning,
    boolean dpop,
    int problem) {
  /**
   * Whether there is a credential at all.
   *
   * @return whether Okta can be asked
   */
  public boolean connected() {
    return !kind.equals("none");
  }
}
