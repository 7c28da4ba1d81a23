package com.mumosystems.oktaprofiles;

import java.time.Instant;
import java.util.List;

/**
 * What an administrator may see of the credential. It contains no secret. Written from the Rust tables by {@code make header}.
 *
 * @param kind The kind of credential: none, api_token, oauth or service_app.
 * @param orgUrl The org URL after corrections; the same on every row.
 * @param clientId The client id of the app; empty for an API token.
 * @param scopes The scopes of the access token, separated by blanks; empty if none is known.
 * @param accessTokenObtained When the access token was obtained; null if there is none.
 * @param accessTokenExpires When the access token expires; null if there is none.
 * @param signInEnds When the refresh token expires and the user must sign in again; null if unknown.
 * @param signInWarning Whether the sign-in ends within 14 days.
 * @param dpop Whether the tokens are bound to a key (DPoP).
 * @param problem Number of the error that makes the credential unusable; 0 if none.
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
