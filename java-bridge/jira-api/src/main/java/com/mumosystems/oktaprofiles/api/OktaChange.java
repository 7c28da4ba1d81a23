package com.mumosystems.oktaprofiles.api;

import java.time.Instant;

/**
 * One change of an Okta user. Holds personal data: its text form has position and kind only.
 *
 * @param position where it stands among all changes; ascending, never given twice
 * @param at when it was found
 * @param oktaId Okta's id of the user
 * @param jiraKey key of the Jira user who is tied to it now; null if there is none
 * @param kind added, updated, absent, returned or purged; more may come
 * @param fieldsJson what changed: a JSON array of objects with field, from and to
 */
public record OktaChange(long position, Instant at, String oktaId, String jiraKey, String kind, String fieldsJson) {
  @Override
  public String toString() {
    return "OktaChange[" + position + ", " + kind + "]";
  }
}
