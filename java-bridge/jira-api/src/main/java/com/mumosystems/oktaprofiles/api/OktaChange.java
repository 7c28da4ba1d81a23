package com.mumosystems.oktaprofiles.api;

import java.time.Instant;

/**
 * One change of an Okta user. It contains personal data; {@code toString} shows only position and kind.
 *
 * @param position the place among all changes; ascending, never reused
 * @param at when it was found
 * @param oktaId Okta's id of the user
 * @param jiraKey key of the Jira user that matches now; null if there is none
 * @param kind added, updated, absent, returned or purged; later versions may add kinds
 * @param fieldsJson what changed: a JSON array of objects with field, from and to
 */
public record OktaChange(long position, Instant at, String oktaId, String jiraKey, String kind, String fieldsJson) {
  @Override
  public String toString() {
    return "OktaChange[" + position + ", " + kind + "]";
  }
}
