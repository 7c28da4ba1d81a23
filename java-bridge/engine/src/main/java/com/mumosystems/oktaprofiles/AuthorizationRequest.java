package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * A sign-in that was begun. Written from the Rust tables by {@code make header}.
 *
 * @param url The address where the user signs in and consents.
 * @param state The state that Okta sends back with its answer.
 * @param expires Until when the answer is accepted.
 */
public record AuthorizationRequest(
    String url,
    String state,
    Instant expires) {
  /** Shows neither URL nor state: who knows the state can answer in the user's place. */
  @Override
  public String toString() {
    return "AuthorizationRequest[expires=" + expires + "]";
  }
}
