package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * A sign-in that was begun.
 *
 * @param url where the user's browser goes to sign in and consent
 * @param state the state that comes back with Okta's answer; bind it to the user's session
 * @param expires until when the answer is accepted
 */
public record AuthorizationRequest(String url, String state, Instant expires) {
  /** Shows neither URL nor state: who knows the state can answer in the user's place. */
  @Override
  public String toString() {
    return "AuthorizationRequest[expires=" + expires + "]";
  }
}
